{-# LANGUAGE OverloadedStrings #-}

-- | Unit tests without a container: the same decoding, calling and encoding as in a running service, in this process.
--
-- > {-# LANGUAGE TemplateHaskell #-}
-- > import qualified Service
-- >
-- > main = do
-- >   client <- serve $(serviceOf "Service" ["score"]) ["limit" .= (3 :: Int)]
-- >   result <- call client "score" ["{\"user\":\"ann\",\"ms\":12}"]
-- >   ...
module NStack.Testing
  ( serviceOf
  , serve
  , serveWith
  , Client
  , call
  , block
  , Outcome (..)
  , next
  , ack
  , discover
  , close
  , CallError (..)
  ) where

import Control.Concurrent.MVar
import Control.Exception (Exception, throwIO)
import qualified Data.ByteString as B
import qualified Data.ByteString.Unsafe as B
import Data.IORef
import Data.Text (Text)
import Data.Text.Encoding (decodeUtf8, encodeUtf8)
import qualified Data.Text as Text
import Foreign.Ptr (castPtr)

import NStack.Decode.Decoder
import NStack.Encode.Encoder (rendered)
import NStack.Json
import NStack.Serve (serviceOf)
import NStack.Service.Function (Service)
import NStack.Service.Server

-- | A call that failed. The code is JSON-RPC's: -32602 the input does not fit, -32000 the function failed, -32001 its result does
-- not fit.
data CallError = CallError
  { errorCode :: Integer
  , errorMessage :: Text
  , errorData :: Json
  }
  deriving (Eq, Show)

instance Exception CallError

-- | Results in order, those that failed left out, and the errors of the others by their index.
data Outcome = Outcome
  { items :: [Json]
  , failed :: [(Integer, CallError)]
  }
  deriving (Eq, Show)

-- | Calls a service that runs in this process.
data Client = Client Server (IORef Integer) (MVar B.ByteString)

-- | Starts a service, its startup hook included, with these values of its config's parameters. Throws 'CallError'.
serve :: Service -> [(Text, Json)] -> IO Client
serve service given = serveWith service ["parameters" .= Object given]

-- | The same with any members of initialize, such as @api@ and @limits@.
serveWith :: Service -> [(Text, Json)] -> IO Client
serveWith service members = do
  later <- newEmptyMVar
  server <- newServer service (putMVar later . B.copy)
  client <- (\counter -> Client server counter later) <$> newIORef 0
  _ <- request client "initialize" (Object (members ++ [("protocol", Integer 1) | Null <- [maybe Null id (lookup "protocol" members)]])) id
  pure client

-- | Calls a function with its arguments, each a JSON text. Throws 'CallError'.
call :: Client -> Text -> [Text] -> IO Json
call client function arguments = requestText client function (Text.concat ["[", Text.intercalate "," arguments, "]"])

-- | Runs a block of inputs, each a JSON text: the one argument, or a list of several.
block :: Client -> Text -> [Text] -> IO Outcome
block client function inputs = do
  name <- decodeUtf8 <$> rendered encodeJson (String function)
  answer <- requestText client "$/block" (Text.concat ["{\"function\":", name, ",\"items\":[", Text.intercalate "," inputs, "]}"])
  pure (Outcome (listOf (member "items" answer)) (map oneFailed (listOf (member "failed" answer))))
 where
  oneFailed json = (integerOf (member "index" json), callError (member "error" json))

-- | The next items of a source, each with its position, at most so many: what is there, and none at its end. The position, a JSON text, is
-- where it goes on, in the first call. Throws 'CallError', also for an item that does not fit.
next :: Client -> Text -> Int -> Maybe Text -> IO [(Json, Json)]
next client source credit position = do
  name <- decodeUtf8 <$> rendered encodeJson (String source)
  answer <- requestText client "next" (Text.concat ["[{\"function\":", name, ",\"credit\":", Text.pack (show credit), maybe "" (",\"position\":" <>) position, "}]"])
  mapM_ (throwIO . callError . member "error") (listOf (member "failed" answer))
  pure (zip (listOf (member "items" answer)) (listOf (member "positions" answer)))

-- | Tells a source that everything up to a position, a JSON text, is confirmed.
ack :: Client -> Text -> Text -> IO ()
ack client source position = do
  name <- decodeUtf8 <$> rendered encodeJson (String source)
  () <$ requestText client "ack" (Text.concat ["[{\"function\":", name, ",\"position\":", position, "}]"])

-- | What the code says of itself, as an OpenRPC document.
discover :: Client -> IO Json
discover client = requestText client "rpc.discover" "[]"

-- | Calls the shutdown hook.
close :: Client -> IO ()
close (Client server _ _) = stop server

request :: Client -> Text -> Json -> (Json -> a) -> IO a
request client method params read_ = do
  text <- decodeUtf8 <$> rendered encodeJson params
  read_ <$> requestText client method text

requestText :: Client -> Text -> Text -> IO Json
requestText (Client server counter later) method params = do
  number <- atomicModifyIORef' counter (\n -> (n + 1, n))
  name <- rendered encodeJson (String method)
  let frame = B.concat ["{\"jsonrpc\":\"2.0\",\"id\":", encodeUtf8 (Text.pack (show number)), ",\"method\":", name, ",\"params\":", encodeUtf8 params, "}"]
  answer <- B.unsafeUseAsCStringLen (B.append frame (B.replicate slack 0x0A)) $ \(at, _) -> handle server (castPtr at) (B.length frame)
  json <- maybe (takeMVar later) pure answer >>= parse
  case member "error" json of
    Null -> pure (member "result" json)
    failure -> throwIO (callError failure)
 where
  parse bytes = B.unsafeUseAsCString (B.append bytes (B.replicate slack 0x0A)) $ \at -> fst <$> runDecoder decodeJson 1000 (castPtr at)

callError :: Json -> CallError
callError json = CallError (integerOf (member "code" json)) (textOf (member "message" json)) (member "data" json)
 where
  textOf value = case value of String text -> text; _ -> ""

integerOf :: Json -> Integer
integerOf value = case value of Integer number -> number; _ -> 0

listOf :: Json -> [Json]
listOf value = case value of List found -> found; _ -> []
