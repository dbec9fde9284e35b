{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}

-- | The shim's end of the bridge (docs/bridge-protocol.md): answers one frame at a time.
module NStack.Service.Server
  ( Server
  , newServer
  , finished
  , handle
  , refuseCancelled
  , stop
  ) where

import Control.Exception hiding (handle)
import Control.Monad (forM_)
import qualified Data.ByteString as B
import qualified Data.ByteString.Unsafe as B
import Data.IORef
import Data.Maybe (fromMaybe)
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Text.Encoding (encodeUtf8)
import Data.Word (Word8)
import Foreign.Ptr (castPtr, minusPtr, plusPtr)
import GHC.Exts (Int (..), Ptr (..))

import NStack.Decode.Compound (bool, list)
import NStack.Decode.Decoder
import NStack.Decode.Record (Key (..))
import NStack.Decode.Skip (Malformed (..))
import qualified NStack.Decode.Number as Number
import qualified NStack.Decode.Text as Decode
import NStack.Encode.Encoder
import NStack.Json
import NStack.Rpc.Error
import NStack.Service.Answer
import NStack.Service.Declared (noFunction)
import NStack.Service.Envelope
import NStack.Service.Frame
import NStack.Service.Function
import NStack.Service.Message
import NStack.Service.Runner
import NStack.Service.Source
import NStack.Service.Start

-- | Serves one author's module.
data Server = Server
  { service :: Service
  , functions :: [(B.ByteString, Function)]
  , later :: B.ByteString -> IO ()
  , sources :: IORef [(Text, Source)]
  -- ^ Those that were asked.
  , sink :: Sink
  , started :: IORef (Maybe Start)
  , stopped :: IORef Bool
  , finishedRef :: IORef Bool
  }

-- | Bytes of the answer's memory that are kept between frames.
sinkSize :: Int
sinkSize = 1024 * 1024

-- | What is given last takes, from any thread, the answer to a @next@ that had to wait.
newServer :: Service -> (B.ByteString -> IO ()) -> IO Server
newServer code_ write = do
  memory <- newSink sinkSize
  asked <- newIORef []
  Server code_ [(encodeUtf8 (functionName one), one) | one <- serviceFunctions code_] write asked memory
    <$> newIORef Nothing
    <*> newIORef False
    <*> newIORef False

-- | Whether shutdown was answered.
finished :: Server -> IO Bool
finished = readIORef . finishedRef

-- | The answer to a frame of `size` bytes, which a line feed and 'slack' follow; with its own line feed, good until the next
-- frame. Nothing for a notification, and for a @next@ that waits.
handle :: Server -> Ptr Word8 -> Int -> IO (Maybe B.ByteString)
handle server frame size = do
  resetSink (sink server) sinkSize
  start <- readIORef (started server)
  quick <- maybe (pure Nothing) (\known -> handleBlock server known frame size) start
  case quick of
    Just done -> pure (Just done)
    Nothing -> handleAny server frame size

-- | The answer to a request that was cancelled before it was begun.
refuseCancelled :: Server -> Int -> IO B.ByteString
refuseCancelled server identity = answerError (sink server) (Just identity) (rpcError cancelled "cancelled before it was begun")

-- | The answer to a @next@ that has waited until now; Nothing where the request is none.
giveUp :: Server -> Int -> IO (Maybe B.ByteString)
giveUp server identity = do
  asked <- readIORef (sources server)
  found <- mapM (\(_, source) -> cancelNext source identity) asked
  if or found then Just <$> inVain server identity else pure Nothing

inVain :: Server -> Int -> IO B.ByteString
inVain server identity = answerError (sink server) (Just identity) (rpcError cancelled "cancelled before there was an item")

-- | Ends the sources, and calls the shutdown hook, once, where the service was started.
stop :: Server -> IO ()
stop server = do
  asked <- readIORef (sources server)
  writeIORef (sources server) []
  forM_ asked $ \(_, source) -> stopSource source >>= mapM_ (\identity -> inVain server identity >>= later server)
  running <- readIORef (started server)
  before <- readIORef (stopped server)
  writeIORef (stopped server) True
  case running of
    Just _ | not before -> serviceShutdown (service server)
    _ -> pure ()

-- | A block whose envelope is as the hub writes it, and of which every message fits. Nothing was called where it is not.
handleBlock :: Server -> Start -> Ptr Word8 -> Int -> IO (Maybe B.ByteString)
handleBlock server start frame size = do
  bytes <- B.unsafePackCStringLen (castPtr frame, size)
  case envelopeOf bytes of
    Just (identity, name, stops, offset)
      | Just function <- lookup name (functions server)
      , Right (Body arguments open decoder encoder call) <- functionBody function
      , fits start function arguments
      , not open || null (checkOf start function)
      , B.isValidUtf8 bytes -> do
          let limits = startLimits start
              whole = list (if size - offset > messageLimit limits then atMost (messageLimit limits) decoder else decoder)
              run = runMessages limits (functionPlace function) stops encoder call (sink server)
          outcome <- try (runDecoder whole (depthLimit limits + 1) (frame `plusPtr` offset))
          case outcome of
            Right (values, end)
              | end `minusPtr` frame == size - 2, B.drop (size - 2) bytes == "}}" ->
                  Just <$> answerBlock (sink server) identity (\at -> run at (map Right values))
              | otherwise -> pure Nothing
            Left failure
              | Just (Misfit _ _) <- fromException failure -> pure Nothing
              | Just (Malformed _ _) <- fromException failure -> pure Nothing
              | otherwise -> throwIO (failure :: SomeException)
    _ -> pure Nothing

handleAny :: Server -> Ptr Word8 -> Int -> IO (Maybe B.ByteString)
handleAny server frame size = do
  read_ <- try (readRequest frame size)
  case read_ of
    Left failure -> Just <$> answerError (sink server) Nothing failure
    Right (Request Nothing _ _) -> cancelledBy frame size >>= maybe (pure Nothing) (giveUp server)
    Right (Request (Just identity) "next" params) -> next server identity params `catches` handlers identity
    Right (Request (Just identity) method params) -> (Just <$> answer server identity method params) `catches` handlers identity
 where
  handlers identity = [Handler (fmap Just . answerError (sink server) (Just identity)), Handler (fmap Just . defect identity)]
  defect identity failure = do
    RpcError _ text more <- raised "nstack" (failure :: SomeException)
    answerError (sink server) (Just identity) (RpcError internalError text more)

answer :: Server -> Int -> Text -> Maybe (Ptr Word8) -> IO B.ByteString
answer server identity "initialize" params = do
  already <- readIORef (started server)
  maybe (pure ()) (const (throwIO (rpcError invalidRequest "initialize comes once"))) already
  start <- initialize (service server) params
  writeIORef (started server) (Just start)
  answerResult (sink server) identity "{\"protocol\":1,\"shim\":{\"name\":\"nstack-haskell\",\"version\":\"0.1.0\",\"language\":\"haskell\"},\"stopsAtFailure\":true}"
answer server identity method params = do
  start <- startOf server method
  case method of
    "ack" -> do
      (asked, position) <- askedOf params >>= traverseLast (maybe (throwIO (rpcError invalidParams "an ack has a position")) jsonAt . (!! 1))
      (function, Emitting _ _ told_) <- sourceNamed server asked
      mapM_ (\hook -> hook position `catches` [Handler (throwIO :: RpcError -> IO ()), Handler (userCode function)]) told_
      answerResult (sink server) identity "null"
    "$/block" -> block server start identity params
    "rpc.discover" -> answerResult (sink server) identity (discover (service server) (startAbout start))
    "shutdown" -> do
      writeIORef (finishedRef server) True
      stop server `catch` \failure -> raised "shutdown" failure >>= throwIO
      answerResult (sink server) identity "null"
    _ -> callOnce server start identity method params

startOf :: Server -> Text -> IO Start
startOf server method =
  readIORef (started server) >>= maybe (throwIO (rpcError notInitialized (Text.append "initialize must come before " method))) pure

next :: Server -> Int -> Maybe (Ptr Word8) -> IO (Maybe B.ByteString)
next server identity params = do
  start <- startOf server "next"
  (name, rest) <- askedOf params
  credit <- maybe wrongCredit (\at -> decodeAt Number.int at `catch` \(Misfit _ _) -> wrongCredit) (rest !! 0)
  if credit < 1 || credit > creditLimit then wrongCredit else pure ()
  position <- traverse jsonAt (rest !! 1)
  source <- sourceOf server start name
  nextOf source identity credit (if position == Just "null" then Nothing else position)
 where
  wrongCredit :: IO a
  wrongCredit = throwIO (rpcError invalidParams (Text.pack ("a credit is a number from 1 to " ++ show creditLimit)))

-- | The function that the one object among the params names, and where its credit and its position are.
askedOf :: Maybe (Ptr Word8) -> IO (Text, [Maybe (Ptr Word8)])
askedOf params = do
  given <- case params of
    Just at | firstByte at == 0x5B -> map fst <$> itemsAt at
    _ -> pure []
  found <- case given of
    [one] | firstByte one == 0x7B -> membersAt [Key "function"# 8#, Key "credit"# 6#, Key "position"# 8#] one
    _ -> throwIO (rpcError invalidParams "params are a list of one object")
  case found of
    Just at : rest -> do
      name <- decodeAt Decode.text at `catch` \(Misfit _ reason) -> throwIO (RpcError invalidParams reason [("path", String "$[0].function")])
      pure (name, rest)
    _ -> throwIO (rpcError invalidParams "it names no function")

traverseLast :: (a -> IO b) -> (c, a) -> IO (c, b)
traverseLast = traverse

sourceNamed :: Server -> Text -> IO (Function, Emitting)
sourceNamed server name = case lookup (encodeUtf8 name) (functions server) of
  Nothing -> throwIO (noFunction (service server) name)
  Just function -> case functionSource function of
    Just emits -> pure (function, emits)
    Nothing -> throwIO (rpcError methodNotFound (Text.append name " is no source: it takes no function to give its items to"))

sourceOf :: Server -> Start -> Text -> IO Source
sourceOf server start name = do
  asked <- readIORef (sources server)
  case lookup name asked of
    Just source -> pure source
    Nothing -> do
      (function, emits) <- sourceNamed server name
      source <- newSource function emits (startLimits start) (later server)
      modifyIORef' (sources server) ((name, source) :)
      pure source

userCode :: Function -> SomeException -> IO a
userCode function failure = raised (functionPlace function) failure >>= throwIO

-- | Functions outside the API can be called too: an author's unit test may have none.
functionNamed :: Server -> Text -> IO (Function, Body)
functionNamed server name = case lookup (encodeUtf8 name) (functions server) of
  Just function -> either (throwIO . rpcError methodNotFound) (\body -> pure (function, body)) (functionBody function)
  Nothing -> throwIO (noFunction (service server) name)

block :: Server -> Start -> Int -> Maybe (Ptr Word8) -> IO B.ByteString
block server start identity params = do
  found <- objectAt params
  name <- case found of
    [Just at, Just _, _] -> decodeAt Decode.text at `catch` \(Misfit _ reason) -> throwIO (RpcError invalidParams reason [("path", String "$.function")])
    _ -> throwIO (rpcError invalidParams "a block has a function and items")
  (function, Body _ _ decoder encoder call) <- functionNamed server name
  items <- case found of
    [_, Just at, _] | firstByte at == 0x5B -> itemsAt at
    _ -> throwIO (rpcError invalidParams "the items of a block are a list")
  stops <- case found of
    [_, _, Just at] -> decodeAt bool at `catch` \(Misfit _ reason) -> throwIO (RpcError invalidParams reason [("path", String "$.stopAtFailure")])
    _ -> pure False
  messages <- mapM (decodeItem (startLimits start) (checkOf start function) decoder) items
  answerBlock (sink server) identity (\at -> runMessages (startLimits start) (functionPlace function) stops encoder call (sink server) at messages)
 where
  objectAt (Just at) | firstByte at == 0x7B = membersAt [Key "function"# 8#, Key "items"# 5#, Key "stopAtFailure"# 13#] at
  objectAt _ = throwIO (rpcError invalidParams "the params of a block are an object")

firstByte :: Ptr Word8 -> Word8
firstByte (Ptr at) = byteAt (skipSpace at) (case 0 of I# n -> n)

callOnce :: Server -> Start -> Int -> Text -> Maybe (Ptr Word8) -> IO B.ByteString
callOnce server start identity name params = do
  (function, Body arguments _ decoder encoder call) <- functionNamed server name
  let arity = fromMaybe (ownArity arguments) (lookup name (startArities start))
      limits = startLimits start
  given <- case params of
    Nothing -> pure []
    Just at
      | firstByte at == 0x5B -> itemsAt at
      | otherwise -> throwIO (rpcError invalidParams "params are a list of arguments")
  if length given /= arity
    then throwIO (rpcError invalidParams (Text.concat [name, " takes ", plural arity, ", and ", shown (length given), " were given"]))
    else pure ()
  message <- case (given, params) of
    ([only], _) -> decodeItem limits (checkOf start function) decoder only
    (_ : _, Just at) -> decodeItem limits (checkOf start function) decoder (at, maybe at id (lastEnd given))
    _ -> B.unsafeUseAsCString (B.append "null" (B.replicate slack 0x0A)) $ \null_ ->
      decodeItem limits (checkOf start function) decoder (castPtr null_, castPtr null_)
  begin <- opened (sink server) identity "\"result\":"
  (end, failed) <- runMessages limits (functionPlace function) False encoder call (sink server) begin [message]
  case failed of
    (_, failure) : _ -> throwIO failure
    -- The comma behind the result gives way to the brace.
    [] -> writeBytes "}\n" (sink server) (end `plusPtr` (-1)) >>= answered (sink server)
 where
  plural count = Text.append (shown count) (if count == 1 then " argument" else " arguments")
  shown = Text.pack . show
  lastEnd items = if null items then Nothing else Just (snd (last items))

