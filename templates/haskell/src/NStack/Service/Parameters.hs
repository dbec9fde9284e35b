{-# LANGUAGE OverloadedStrings #-}

-- | Values of the service's @config@ parameters, which are there before any of its code is run.
module NStack.Service.Parameters
  ( setParameters
  , parameters
  , parameter
  , lookupParameter
  , readParameter
  ) where

import qualified Data.ByteString as B
import qualified Data.ByteString.Unsafe as B
import Data.IORef
import Data.Text (Text)
import qualified Data.Text as Text
import GHC.Exts (Ptr (..))
import GHC.IO (unsafePerformIO)

import NStack.Decode.Decoder
import NStack.Encode.Encoder (rendered)
import NStack.Json

values :: IORef [(Text, Json)]
values = unsafePerformIO (newIORef [])
{-# NOINLINE values #-}

setParameters :: Json -> IO ()
setParameters (Object members) = writeIORef values members
setParameters _ = writeIORef values []

-- | All of them by their names.
parameters :: IO [(Text, Json)]
parameters = readIORef values

-- | A parameter's value, as the type that is asked for. Pure, since a service has one value of it as long as it runs. Fails where
-- there is none.
--
-- > threshold :: Double
-- > threshold = parameter "threshold"
parameter :: (FromJson a) => Text -> a
parameter name = case lookupParameter name of
  Just value -> value
  Nothing -> errorWithoutStackTrace ("there is no parameter " ++ Text.unpack name)

-- | Nothing where there is no such parameter. Fails where it is not of the type.
lookupParameter :: (FromJson a) => Text -> Maybe a
lookupParameter name = unsafePerformIO (readParameter name)
{-# NOINLINE lookupParameter #-}

-- | The same as an action, for unit tests that start a service several times with other values.
readParameter :: (FromJson a) => Text -> IO (Maybe a)
readParameter name = do
  found <- lookup name <$> readIORef values
  traverse fromJson found

fromJson :: (FromJson a) => Json -> IO a
fromJson value = do
  text <- rendered encodeJson value
  B.unsafeUseAsCString (B.append text (B.replicate slack 0x0A)) $ \(Ptr at) -> do
    (found, _) <- runDecoder decodeJson 256 (Ptr at)
    pure found
