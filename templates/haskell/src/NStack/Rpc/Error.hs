{-# LANGUAGE OverloadedStrings #-}

-- | JSON-RPC errors, and how an exception of user code is told in one.
module NStack.Rpc.Error
  ( RpcError (..)
  , Place (..)
  , rpcError
  , withPath
  , withHint
  , raised
  , told
  , toldInBrief
  , parseError
  , invalidRequest
  , methodNotFound
  , invalidParams
  , internalError
  , serviceError
  , invalidResult
  , cancelled
  , tooLarge
  , notInitialized
  , notBegun
  ) where

import Control.Exception
import Data.List (isPrefixOf)
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Typeable (typeOf)
import System.Exit (ExitCode)

import NStack.Json

-- | An error that is answered as it stands.
data RpcError = RpcError
  { code :: !Int
  , message :: !Text
  , details :: [(Text, Json)]
  -- ^ @path@ or @stack@, and @hint@.
  }
  deriving (Show)

instance Exception RpcError

-- | Where a function stands: file, line and column from 1.
data Place = Place !Text !Int !Int

parseError, invalidRequest, methodNotFound, invalidParams, internalError, serviceError, invalidResult, cancelled, tooLarge, notInitialized, notBegun :: Int
parseError = -32700
invalidRequest = -32600
methodNotFound = -32601
invalidParams = -32602
internalError = -32603
serviceError = -32000
invalidResult = -32001
cancelled = -32002
tooLarge = -32005
notInitialized = -32006
notBegun = -32007

rpcError :: Int -> Text -> RpcError
rpcError what text = RpcError what text []

withPath :: Text -> RpcError -> RpcError
withPath path failure = failure {details = [("path", String path)]}

-- | With the way out.
withHint :: Text -> RpcError -> RpcError
withHint hint failure = failure {details = details failure ++ [("hint", String hint)]}

-- | What user code raised: @no such flight@, with where it did as far as Haskell knows, and the function it was in.
raised :: Text -> SomeException -> IO RpcError
raised place failure = do
  (headline, trace) <- textsOf failure `catch` \other -> pure ("its text cannot be told", Text.pack (typeName other))
  pure (RpcError serviceError headline [("stack", String (cut stackLimit (Text.concat [trace, "\n  in ", place])))])

-- | Both evaluated: the text of an exception may fail as well, or never end.
textsOf :: SomeException -> IO (Text, Text)
textsOf failure@(SomeException inner) = do
  headline <- evaluate (cut messageLimit (bounded words_))
  trace <- evaluate (cut stackLimit (bounded (words_ ++ "\n" ++ calls)))
  pure (headline, trace)
 where
  bounded = Text.pack . take 100000
  (words_, calls) = case fromException failure of
    Just (ErrorCallWithLocation text location) -> (text, authors location)
    Nothing -> case fromException failure of
      Just code_ -> ("the code left the process: " ++ show (code_ :: ExitCode), "")
      Nothing -> case displayException inner of
        "" -> (typeName failure, "")
        text -> (typeName failure ++ ": " ++ text, "")

typeName :: SomeException -> String
typeName (SomeException inner) = show (typeOf inner)

-- | GHC names the author's modules below the folder that they are compiled in.
authors :: String -> String
authors text
  | "called at src/" `isPrefixOf` text = "called at " ++ authors (drop 14 text)
authors (char : rest) = char : authors rest
authors [] = []

told :: RpcError -> Json
told (RpcError what text more) =
  Object ([("code", toJson what), ("message", String (cut messageLimit text))] ++ [("data", Object more) | not (null more)])

-- | Without data and in few words, where many errors share one answer.
toldInBrief :: RpcError -> Json
toldInBrief (RpcError what text _) = Object [("code", toJson what), ("message", String (cut briefLimit text))]

-- | Characters of a message, of a stack trace and of a message in brief that leave this process.
messageLimit, stackLimit, briefLimit :: Int
messageLimit = 2000
stackLimit = 8000
briefLimit = 200

-- | The beginning and the end.
cut :: Int -> Text -> Text
cut limit text
  | Text.compareLength text limit /= GT = text
  | otherwise = Text.concat [Text.take half text, "\n[...]\n", Text.takeEnd half text]
 where
  half = limit `quot` 2
