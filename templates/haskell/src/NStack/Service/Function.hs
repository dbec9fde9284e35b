{-# LANGUAGE ExistentialQuantification #-}

-- | What is served: made by "NStack.Serve", run by "NStack.Service.Server".
module NStack.Service.Function
  ( Service (..)
  , Function (..)
  , Body (..)
  , Emitting (..)
  , Arguments (..)
  , Call (..)
  , Vectorised (..)
  , vectorised
  , vectorisedIO
  , ownArity
  , takes
  ) where

import qualified Data.ByteString as B
import Data.Text (Text)

import NStack.Decode.Decoder (Decoder)
import NStack.Encode.Encoder (Encoder)

-- | An author's module.
data Service = Service
  { serviceModule :: Text
  , serviceFunctions :: [Function]
  , serviceStartup :: IO ()
  , serviceShutdown :: IO ()
  }

data Function = Function
  { functionName :: Text
  , functionPlace :: Text
  -- ^ For stack traces: @analyse, Service.hs:12:1@.
  , functionMethod :: B.ByteString
  -- ^ Its method object of @rpc.discover@, as JSON.
  , functionBody :: Either Text Body
  -- ^ Or why it cannot be called.
  , functionSource :: Maybe Emitting
  -- ^ Where it is a source.
  }

-- | A function that gives its items to a function that it takes.
data Emitting = forall a. Emitting
  { emittingEncoder :: Encoder a
  , emittingStart :: Maybe B.ByteString -> IO ((Maybe (IO B.ByteString) -> a -> IO ()) -> IO ())
  -- ^ Begins after a position, JSON; what it is given takes items with their positions, where they have such.
  , emittingAck :: Maybe (B.ByteString -> IO ())
  -- ^ What is told of positions that every sink has confirmed.
  }

data Body = forall a b. Body
  { bodyArguments :: Arguments
  , bodyOpen :: Bool
  -- ^ Some part of what it takes is Json: there the declared type rules.
  , bodyDecoder :: Decoder a
  , bodyEncoder :: Encoder b
  , bodyCall :: Call a b
  }

-- | How many arguments the function is written with; `OneTuple n` is a single one that is a tuple of n.
data Arguments = Separate !Int | OneTuple !Int

data Call a b
  = Each (a -> IO b)
  | Whole ([a] -> IO [b])

-- | A function that takes a whole block: a list of inputs, and gives a list of as many results, in order. Its API line is that of
-- one message.
newtype Vectorised a b = Vectorised ([a] -> IO [b])

-- | > twice :: Vectorised Integer Integer
-- > twice = vectorised (map (* 2))
vectorised :: ([a] -> [b]) -> Vectorised a b
vectorised f = Vectorised (pure . f)

vectorisedIO :: ([a] -> IO [b]) -> Vectorised a b
vectorisedIO = Vectorised

ownArity :: Arguments -> Int
ownArity (Separate count) = count
ownArity (OneTuple _) = 1

-- | Whether a function that is written so can be called with so many arguments.
takes :: Arguments -> Int -> Bool
takes (Separate count) arity = count == arity
takes (OneTuple size) arity = arity == 1 || arity == size
