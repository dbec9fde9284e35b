{-# LANGUAGE OverloadedStrings #-}

-- | Logs and metrics: notifications to the hub, and text on stderr where no hub listens, as in a unit test.
module NStack.Service.Channel
  ( Level (..)
  , logAt
  , metric
  , sendTo
  ) where

import Control.Exception
import qualified Data.ByteString as B
import qualified Data.ByteString.Char8 as C
import Data.IORef
import Data.Text (Text)
import qualified Data.Text as Text
import GHC.IO (unsafePerformIO)
import System.IO (stderr)

import NStack.Encode.Encoder (rendered)
import NStack.Json

data Level = Debug | Info | Warn | Error | Critical

channel :: IORef (Maybe (B.ByteString -> IO ()))
channel = unsafePerformIO (newIORef Nothing)
{-# NOINLINE channel #-}

-- | Where frames go from now on; Nothing: to stderr.
sendTo :: Maybe (B.ByteString -> IO ()) -> IO ()
sendTo = writeIORef channel

-- | Characters of a message, and bytes of the values of its fields together.
messageLimit :: Int
messageLimit = 8000

-- | A message with fields, which may be any JSON. It never fails: what cannot be told is told as text.
logAt :: Level -> Text -> [(Text, Json)] -> IO ()
logAt level message fields = do
  few <- bounded messageLimit (take 32 fields)
  send "$/log" [("level", String (word level)), ("message", String (shorten messageLimit message)), ("fields", Object few)]

word :: Level -> Text
word level = case level of
  Debug -> "debug"
  Info -> "info"
  Warn -> "warn"
  Error -> "error"
  Critical -> "critical"

-- | Fields as they are where they are small, and as shortened text where not.
bounded :: Int -> [(Text, Json)] -> IO [(Text, Json)]
bounded _ [] = pure []
bounded room ((key, value) : rest) = do
  outcome <- try (rendered encodeJson value)
  let (kept, size) = case outcome of
        Right text
          | B.length text <= room -> (value, B.length text)
          | otherwise -> (String (shorten (max room 16) (Text.pack (C.unpack text))), room)
        Left failure -> (String (Text.pack (takeWhile (/= '\n') (show (failure :: SomeException)))), 0)
  ((shorten 200 key, kept) :) <$> bounded (room - size) rest

-- | Reports one value of a metric of the service's own, with labels. Fails for NaN and infinities, and for a name that is not made
-- of letters, digits and `_.:`, a letter or `_` first.
metric :: Text -> Double -> [(Text, Text)] -> IO ()
metric name value labels
  | isNaN value || isInfinite value = failWith (": " ++ show value ++ " is no value")
  | not named = failWith ": a name has up to 200 letters, digits and _.: and begins with a letter"
  | otherwise =
      send "$/metric" [("name", String name), ("value", Double value), ("labels", Object few)]
 where
  few = [(shorten 200 key, String (shorten 200 text)) | (key, text) <- take 32 labels]
  failWith text = throwIO (userError ("metric " ++ Text.unpack name ++ text))
  named = case Text.uncons name of
    Just (first, _) -> (letter first || first == '_') && Text.length name <= 200 && Text.all allowed name
    Nothing -> False
  letter char = (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z')
  allowed char = letter char || (char >= '0' && char <= '9') || char `elem` ("_.:" :: String)

send :: Text -> [(Text, Json)] -> IO ()
send method params = do
  target <- readIORef channel
  case target of
    Just notify -> do
      frame <- rendered encodeJson (Object [("jsonrpc", String "2.0"), ("method", String method), ("params", Object params)])
      notify (B.snoc frame 0x0A)
    Nothing -> do
      text <- rendered encodeJson (Object params)
      C.hPutStrLn stderr (B.concat [if method == "$/log" then "log " else "metric ", text])

shorten :: Int -> Text -> Text
shorten limit text
  | Text.compareLength text limit == GT = Text.append (Text.take (limit - 3) text) "..."
  | otherwise = text
