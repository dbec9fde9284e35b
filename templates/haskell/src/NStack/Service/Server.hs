{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

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
import qualified Data.ByteString as B
import qualified Data.ByteString.Char8 as C
import qualified Data.ByteString.Lazy as L
import qualified Data.ByteString.Builder as Builder
import qualified Data.ByteString.Unsafe as B
import Data.IORef
import Data.Maybe (fromMaybe)
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Text.Encoding (encodeUtf8)
import Data.Word (Word8)
import Foreign.Ptr (minusPtr, plusPtr)
import Foreign.Storable (poke)
import GHC.Exts (Int (..), Ptr (..), isTrue#, minusAddr#, (>#))
import GHC.IO (unsafeDupablePerformIO)

import NStack.Decode.Compound (list)
import NStack.Decode.Decoder
import NStack.Decode.Path (pathTo)
import NStack.Decode.Record (Key (..))
import NStack.Decode.Skip (Malformed (..))
import qualified NStack.Decode.Text as Decode
import NStack.Encode.Encoder
import NStack.Json
import NStack.Rpc.Error
import NStack.Service.Declared
import NStack.Service.Frame
import NStack.Service.Function
import NStack.Service.Parameters
import NStack.Service.Runner

-- | Serves one author's module.
data Server = Server
  { service :: Service
  , functions :: [(B.ByteString, Function)]
  , sink :: Sink
  , started :: IORef (Maybe Start)
  , stopped :: IORef Bool
  , finishedRef :: IORef Bool
  }

-- | What initialize said.
data Start = Start
  { startAbout :: (Text, Text)
  , startLimits :: Limits
  , startArities :: [(Text, Int)]
  , startChecks :: [(Text, Check)]
  }

protocol :: Integer
protocol = 1

-- | Bytes of the answer's memory that are kept between frames.
sinkSize :: Int
sinkSize = 1024 * 1024

newServer :: Service -> IO Server
newServer code_ = do
  memory <- newSink sinkSize
  Server code_ [(encodeUtf8 (functionName one), one) | one <- serviceFunctions code_] memory
    <$> newIORef Nothing
    <*> newIORef False
    <*> newIORef False

-- | Whether shutdown was answered.
finished :: Server -> IO Bool
finished = readIORef . finishedRef

-- | The answer to a frame of `size` bytes, which a line feed and 'slack' follow; with its own line feed, good until the next frame. Nothing for a notification.
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
refuseCancelled server identity = answerError server (Just identity) (rpcError cancelled "cancelled before it was begun")

-- | Calls the shutdown hook, once, where the service was started.
stop :: Server -> IO ()
stop server = do
  running <- readIORef (started server)
  before <- readIORef (stopped server)
  writeIORef (stopped server) True
  case running of
    Just _ | not before -> serviceShutdown (service server)
    _ -> pure ()

-- | A block whose envelope is as the hub writes it, and of which every message fits. Nothing was called where it is not.
handleBlock :: Server -> Start -> Ptr Word8 -> Int -> IO (Maybe B.ByteString)
handleBlock server start frame size = do
  bytes <- B.unsafePackCStringLen (castTo frame, size)
  case envelopeOf bytes of
    Just (identity, name, offset)
      | Just function <- lookup name (functions server)
      , Right (Body arguments open decoder encoder call) <- functionBody function
      , fits start function arguments
      , not open || null (checkOf start function)
      , B.isValidUtf8 bytes -> do
          let limits = startLimits start
              whole = list (if size - offset > messageLimit limits then atMost (messageLimit limits) decoder else decoder)
          outcome <- try (runDecoder whole (depthLimit limits + 1) (frame `plusPtr` offset))
          case outcome of
            Right (values, end)
              | end `minusPtr` frame == size - 2, B.drop (size - 2) bytes == "}}" ->
                  Just <$> answerBlock server identity (\at -> runMessages limits (functionPlace function) encoder call (sink server) at (map Right values))
              | otherwise -> pure Nothing
            Left failure
              | Just (Misfit _ _) <- fromException failure -> pure Nothing
              | Just (Malformed _ _) <- fromException failure -> pure Nothing
              | otherwise -> throwIO (failure :: SomeException)
    _ -> pure Nothing

castTo :: Ptr a -> Ptr b
castTo (Ptr at) = Ptr at

-- | The id, the function's name, and where the items begin.
envelopeOf :: B.ByteString -> Maybe (Int, B.ByteString, Int)
envelopeOf bytes
  | opening `B.isPrefixOf` bytes
  , Just (identity, rest) <- C.readInt (B.unsafeDrop (B.length opening) bytes)
  , method `B.isPrefixOf` rest
  , (name, items) <- B.span (/= 0x22) (B.unsafeDrop (B.length method) rest)
  , itemsWord `B.isPrefixOf` items =
      Just (identity, name, B.length bytes - B.length items + B.length itemsWord - 1)
  | otherwise = Nothing
 where
  opening = "{\"jsonrpc\":\"2.0\",\"id\":"
  method = ",\"method\":\"$/block\",\"params\":{\"function\":\""
  itemsWord = "\",\"items\":["

-- | Refuses a value of more bytes.
atMost :: Int -> Decoder a -> Decoder a
atMost (I# most) (Decoder run) = Decoder $ \depth at s -> case run depth at s of
  (# s1, next, value #)
    | isTrue# (minusAddr# next (skipSpace at) ># most) -> misfit "too long" at s1
    | otherwise -> (# s1, next, value #)

handleAny :: Server -> Ptr Word8 -> Int -> IO (Maybe B.ByteString)
handleAny server frame size = do
  read_ <- try (readRequest frame size)
  case read_ of
    Left failure -> Just <$> answerError server Nothing failure
    Right (Request Nothing _ _) -> pure Nothing
    Right (Request (Just identity) method params) ->
      Just <$> (answer server identity method params `catches` [Handler (answerError server (Just identity)), Handler (defect identity)])
 where
  defect identity failure = do
    RpcError _ text more <- raised "nstack" (failure :: SomeException)
    answerError server (Just identity) (RpcError internalError text more)

answer :: Server -> Int -> Text -> Maybe (Ptr Word8) -> IO B.ByteString
answer server identity "initialize" params = do
  already <- readIORef (started server)
  maybe (pure ()) (const (throwIO (rpcError invalidRequest "initialize comes once"))) already
  start <- initialize (service server) params
  writeIORef (started server) (Just start)
  answerResult server identity "{\"protocol\":1,\"shim\":{\"name\":\"nstack-haskell\",\"version\":\"0.1.0\",\"language\":\"haskell\"}}"
answer server identity method params = do
  start <- readIORef (started server) >>= maybe (throwIO (rpcError notInitialized (Text.append "initialize must come before " method))) pure
  case method of
    "$/block" -> block server start identity params
    "rpc.discover" -> answerResult server identity (discover (service server) (startAbout start))
    "shutdown" -> do
      writeIORef (finishedRef server) True
      stop server `catch` \failure -> raised "shutdown" failure >>= throwIO
      answerResult server identity "null"
    _ -> callOnce server start identity method params

-- | Members that are unknown are ignored.
initialize :: Service -> Maybe (Ptr Word8) -> IO Start
initialize code_ params = do
  given <- maybe (pure Null) valueAt params `catch` \(Misfit _ reason) -> throwIO (rpcError invalidParams reason)
  case member "protocol" given of
    Integer version
      | version == protocol -> pure ()
      | otherwise -> throwIO (rpcError invalidParams (Text.pack ("this shim speaks protocol " ++ show protocol ++ ", not " ++ show version)))
    _ -> throwIO (RpcError invalidParams "expected Integer" [("path", String "$.protocol")])
  let about = member "service" given
      limits = member "limits" given
      arities = declaredArities (member "api" given)
  setParameters (member "parameters" given)
  mapM_ (either throwIO pure . uncurry (servable code_)) arities
  serviceStartup code_ `catch` \failure -> raised "startup" failure >>= throwIO
  pure
    Start
      { startAbout = (textOf "service" (member "name" about), textOf "0.0.0" (member "version" about))
      , startLimits = Limits (intOf (messageLimit defaultLimits) (member "message" limits)) (intOf (depthLimit defaultLimits) (member "depth" limits))
      , startArities = arities
      , startChecks = declaredChecks code_ (member "api" given)
      }
 where
  textOf other value = case value of String text -> text; _ -> other
  intOf other value = case value of Integer n | n >= 0 && n < 2 ^ (50 :: Int) -> fromInteger n; _ -> other

discover :: Service -> (Text, Text) -> B.ByteString
discover code_ (name, version) =
  build
    [ "{\"openrpc\":\"1.3.2\",\"info\":{\"title\":"
    , json name
    , ",\"version\":"
    , json version
    , "},\"methods\":["
    , B.intercalate "," (map functionMethod (serviceFunctions code_))
    , "]}"
    ]
 where
  json text = unsafeDupablePerformIO (rendered encodeJson (String text))

build :: [B.ByteString] -> B.ByteString
build = L.toStrict . Builder.toLazyByteString . foldMap Builder.byteString

fits :: Start -> Function -> Arguments -> Bool
fits start function arguments = case lookup (functionName function) (startArities start) of
  Just arity -> takes arguments arity
  Nothing -> True

-- | Functions outside the API can be called too: an author's unit test may have none.
functionNamed :: Server -> Text -> IO (Function, Body)
functionNamed server name = case lookup (encodeUtf8 name) (functions server) of
  Just function -> either (throwIO . rpcError methodNotFound) (\body -> pure (function, body)) (functionBody function)
  Nothing -> throwIO (noFunction (service server) name)

block :: Server -> Start -> Int -> Maybe (Ptr Word8) -> IO B.ByteString
block server start identity params = do
  found <- objectAt params
  name <- case found of
    [Just at, _] -> decodeAt Decode.text at `catch` \(Misfit _ reason) -> throwIO (RpcError invalidParams reason [("path", String "$.function")])
    _ -> throwIO (rpcError invalidParams "a block has a function and items")
  (function, Body _ _ decoder encoder call) <- functionNamed server name
  items <- case found of
    [_, Just at] | firstByte at == 0x5B -> itemsAt at
    _ -> throwIO (rpcError invalidParams "the items of a block are a list")
  messages <- mapM (decodeItem (startLimits start) (checkOf start function) decoder) items
  answerBlock server identity (\at -> runMessages (startLimits start) (functionPlace function) encoder call (sink server) at messages)
 where
  objectAt (Just at) | firstByte at == 0x7B = membersAt [Key "function"# 8#, Key "items"# 5#] at
  objectAt _ = throwIO (rpcError invalidParams "the params of a block are an object")

firstByte :: Ptr Word8 -> Word8
firstByte (Ptr at) = byteAt (skipSpace at) (case 0 of I# n -> n)

-- | One message, well-formed, between two addresses.
decodeItem :: Limits -> Maybe Check -> Decoder a -> (Ptr Word8, Ptr Word8) -> IO (Either RpcError a)
decodeItem limits check decoder (begin, end)
  | size > messageLimit limits =
      pure (Left (rpcError tooLarge (Text.pack ("the message has " ++ show size ++ " bytes, and the limit is " ++ show (messageLimit limits)))))
  | otherwise = do
      outcome <- try (runDecoder decoder (depthLimit limits) begin)
      case outcome of
        Right (value, _) -> do
          fault <- traverse (\declared -> declared . fst <$> runDecoder decodeJson (depthLimit limits) begin) check
          pure (maybe (Right value) (\(path, reason) -> Left (withPath path (rpcError invalidParams reason))) (concatMaybe fault))
        Left (Misfit at reason) -> do
          again <- withLastKeys limits decoder begin
          case again of
            Just value -> pure (Right value)
            Nothing -> do
              path <- pathTo at begin
              pure (Left (withPath path (rpcError invalidParams reason)))
 where
  size = end `minusPtr` begin
  concatMaybe = maybe Nothing id

checkOf :: Start -> Function -> Maybe Check
checkOf start function = lookup (functionName function) (startChecks start)

-- | Of a key that comes twice the last one counts, also where the first does not fit: in a Map, which records know by themselves.
withLastKeys :: Limits -> Decoder a -> Ptr Word8 -> IO (Maybe a)
withLastKeys limits decoder at = do
  outcome <- try $ do
    (value, _) <- runDecoder decodeJson (depthLimit limits) at
    again <- rendered encodeJson value
    B.unsafeUseAsCString (B.append again (B.replicate slack 0x0A)) $ \copy -> fst <$> runDecoder decoder (depthLimit limits) (castTo copy)
  pure (either (\failure -> const Nothing (failure :: SomeException)) Just outcome)

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
    then throwIO (rpcError invalidParams (Text.pack (Text.unpack name ++ " takes " ++ plural arity ++ ", and " ++ show (length given) ++ " were given")))
    else pure ()
  message <- case (given, params) of
    ([only], _) -> decodeItem limits (checkOf start function) decoder only
    (_ : _, Just at) -> decodeItem limits (checkOf start function) decoder (at, maybe at id (lastEnd given))
    _ -> B.unsafeUseAsCString (B.append "null" (B.replicate slack 0x0A)) $ \null_ -> decodeItem limits (checkOf start function) decoder (castTo null_, castTo null_)
  begin <- opened server identity "\"result\":"
  (end, failed) <- runMessages limits (functionPlace function) encoder call (sink server) begin [message]
  case failed of
    (_, failure) : _ -> throwIO failure
    -- The comma behind the result gives way to the brace.
    [] -> writeBytes "}\n" (sink server) (end `plusPtr` (-1)) >>= answered server
 where
  plural count = show count ++ (if count == 1 then " argument" else " arguments")
  lastEnd items = if null items then Nothing else Just (snd (last items))

-- | Writes the beginning of an answer.
opened :: Server -> Int -> B.ByteString -> IO (Ptr Word8)
opened server identity next = do
  start <- sinkStart (sink server)
  beginMessage (sink server) start maxBound
  writeBytes (B.concat ["{\"jsonrpc\":\"2.0\",\"id\":", C.pack (show identity), ",", next]) (sink server) start

answered :: Server -> Ptr Word8 -> IO B.ByteString
answered server end = do
  start <- sinkStart (sink server)
  B.unsafePackCStringLen (castTo start, end `minusPtr` start)

answerResult :: Server -> Int -> B.ByteString -> IO B.ByteString
answerResult server identity result = do
  begin <- opened server identity "\"result\":"
  writeBytes result (sink server) begin >>= writeBytes "}\n" (sink server) >>= answered server

answerError :: Server -> Maybe Int -> RpcError -> IO B.ByteString
answerError server identity failure = do
  start <- sinkStart (sink server)
  beginMessage (sink server) start maxBound
  text <- rendered encodeJson (told failure)
  end <- writeBytes (B.concat ["{\"jsonrpc\":\"2.0\",\"id\":", maybe "null" (C.pack . show) identity, ",\"error\":", text, "}\n"]) (sink server) start
  answered server end

-- | Bytes of all the failures of one answer; beyond it each is told in brief.
failedLimit :: Int
failedLimit = 4 * 1024 * 1024

answerBlock :: Server -> Int -> (Ptr Word8 -> IO (Ptr Word8, Failed)) -> IO B.ByteString
answerBlock server identity run = do
  begin <- opened server identity "\"result\":{\"items\":["
  before <- offset begin
  (end, failed) <- run begin
  after <- offset end
  beginMessage (sink server) end maxBound
  closed <-
    if after == before
      then writeBytes "]" (sink server) end
      else poke (end `plusPtr` (-1)) (0x5D :: Word8) >> pure end
  failures <- if null failed then pure "" else B.append ",\"failed\":" <$> tellFailed failed
  writeBytes (B.append failures "}}\n") (sink server) closed >>= answered server
 where
  offset at = (\start -> at `minusPtr` start) <$> sinkStart (sink server)

tellFailed :: Failed -> IO B.ByteString
tellFailed failed = do
  text <- rendered encodeJson (allOf told)
  if B.length text <= failedLimit then pure text else rendered encodeJson (allOf toldInBrief)
 where
  allOf tell = List [Object [("index", toJson index), ("error", tell failure)] | (index, failure) <- failed]
