{-# LANGUAGE OverloadedStrings #-}

-- | A function that is a source (@Void -> T@): it runs in a thread of its own, which encodes each item and fills a queue, from which
-- @next@ takes. The thread is ahead of the hub by the credit of one @next@ at most.
module NStack.Service.Source
  ( Source
  , newSource
  , nextOf
  , creditLimit
  , cancelNext
  , stopSource
  ) where

import Control.Concurrent
import Control.Exception
import Control.Monad (forM_, void, when)
import qualified Data.ByteString as B
import qualified Data.ByteString.Char8 as C
import Data.Foldable (toList)
import Data.IORef
import Data.Maybe (isJust)
import Data.Sequence (Seq, (|>))
import qualified Data.Sequence as Seq
import Data.Text (Text)
import qualified Data.Text as Text
import Foreign.Ptr (castPtr, minusPtr)
import System.Posix.Signals (raiseSignal, sigTERM)
import System.Timeout (timeout)

import NStack.Encode.Encoder
import NStack.Rpc.Error
import NStack.Service.Answer
import NStack.Service.Function
import NStack.Service.Position (numberIn)
import NStack.Service.Runner (Limits (..), blockLimit)

-- | An item or why it is none, and where the source stands after it.
data Entry = Entry !(Either RpcError B.ByteString) !B.ByteString

data State = State
  { queue :: !(Seq Entry)
  , queued :: !Int
  -- ^ Bytes.
  , capacity :: !Int
  , waiting :: !(Maybe (Int, Int))
  -- ^ The id of the next that waits, and its credit.
  , running :: !(Maybe ThreadId)
  , ended :: !Bool
  , failure :: !(Maybe RpcError)
  , stopped :: !Bool
  }

data Source = Source
  { name :: Text
  , place :: Text
  , emitting :: Emitting
  , limits :: Limits
  , later :: B.ByteString -> IO ()
  , memory :: MVar Sink
  , state :: MVar State
  , room :: MVar ()
  , over :: MVar ()
  }

creditLimit :: Int
creditLimit = 65536

-- | Bytes that wait, the last item apart.
queueLimit :: Int
queueLimit = 4 * 1024 * 1024

-- | Microseconds that a source may take to end where the service does.
patience :: Int
patience = 1000000

-- | What is given last takes, from any thread, the answer to a @next@ that had to wait.
newSource :: Function -> Emitting -> Limits -> (B.ByteString -> IO ()) -> IO Source
newSource function emits bounds write = do
  sink <- newSink 4096
  Source (functionName function) (functionPlace function) emits bounds write
    <$> newMVar sink
    <*> newMVar (State Seq.empty 0 1 Nothing Nothing False Nothing False)
    <*> newEmptyMVar
    <*> newEmptyMVar

-- | The answer to the request of that id, with up to so many items; Nothing where nothing is there yet: then it is answered later.
nextOf :: Source -> Int -> Int -> Maybe B.ByteString -> IO (Maybe B.ByteString)
nextOf source request credit position = do
  taken <- modifyMVar (state source) $ \before -> do
    when (isJust (waiting before)) $
      throwIO (rpcError invalidRequest (Text.append (name source) " is being asked already: one next waits at a time"))
    begun <- case (running before, position) of
      (Nothing, _) -> begin source position before
      (Just _, Just _) -> throwIO (rpcError invalidParams "a position comes with the first next alone")
      (Just _, Nothing) -> pure before
    let asked = begun {capacity = credit}
    pure $ case takeFrom source credit asked of
      Nothing -> (asked {waiting = Just (request, credit)}, Nothing)
      Just (after, taken) -> (after, Just taken)
  void (tryPutMVar (room source) ())
  traverse (either throwIO (answerNext request)) taken

-- | Whether it was this one that waited; it waits no more, and what comes is kept.
cancelNext :: Source -> Int -> IO Bool
cancelNext source request = modifyMVar (state source) $ \before ->
  pure $ case waiting before of
    Just (identity, _) | identity == request -> (before {waiting = Nothing}, True)
    _ -> (before, False)

-- | Ends the source where it lets itself be ended. Answers the id of the @next@ that has waited in vain.
stopSource :: Source -> IO (Maybe Int)
stopSource source = do
  (thread, request) <- modifyMVar (state source) $ \before ->
    pure (before {waiting = Nothing, stopped = True}, (running before, fst <$> waiting before))
  forM_ thread $ \one -> do
    -- It is not waited for where it is in a foreign function.
    void (forkIO (killThread one))
    timeout patience (readMVar (over source))
  pure request

begin :: Source -> Maybe B.ByteString -> State -> IO State
begin source position before = case emitting source of
  Emitting encoder start _ -> do
    run <- start position
    counter <- newIORef =<< numberIn position
    thread <- forkFinally (run (emit source encoder counter)) (finish source)
    pure before {running = Just thread, ended = False}

finish :: Source -> Either SomeException () -> IO ()
finish source outcome = do
  fault <- case outcome of
    Right () -> pure Nothing
    Left thrown
      | Just known <- fromException thrown -> pure (Just known)
      | otherwise -> Just <$> raised (place source) thrown
  modifyMVar_ (state source) (\before -> pure before {ended = True, failure = fault})
  tell source
  off <- stopped <$> readMVar (state source)
  when off (void (tryPutMVar (over source) ()))

emit :: Source -> Encoder a -> IORef Integer -> Maybe (IO B.ByteString) -> a -> IO ()
emit source encoder counter position value = do
  count <- atomicModifyIORef' counter (\before -> (before + 1, before + 1))
  at <- maybe (pure (C.pack (show count))) id position
  item <- encoded source encoder value
  put source (Entry item at)

-- | The item as JSON, evaluated to its last part: what fails in it is its own failure.
encoded :: Source -> Encoder a -> a -> IO (Either RpcError B.ByteString)
encoded source encoder value = withMVar (memory source) $ \sink -> do
  resetSink sink 65536
  from <- sinkStart sink
  beginMessage sink from limit
  outcome <- try $ do
    end <- runEncoder encoder value sink from
    start <- sinkStart sink
    B.packCStringLen (castPtr start, end `minusPtr` start)
  case outcome of
    Right bytes | B.length bytes <= limit -> pure (Right bytes)
    Right bytes -> pure (Left (tooLong (B.length bytes)))
    Left thrown
      | Just ThreadKilled <- fromException thrown -> throwIO thrown
      | Just (Hidden reason) <- fromException thrown -> pure (Left (rpcError invalidResult (Text.append "the result does not fit: " reason)))
      | Just TooLong <- fromException thrown -> pure (Left (tooLong (limit + 1)))
      | otherwise -> Left <$> raised (place source) thrown
 where
  limit = messageLimit (limits source)
  tooLong size = rpcError tooLarge (Text.pack ("the result has " ++ show size ++ " bytes, and the limit is " ++ show limit))

-- | Waits for room. Ends the thread where the source is to end.
put :: Source -> Entry -> IO ()
put source entry = do
  done <- modifyMVar (state source) $ \before ->
    if stopped before
      then throwIO ThreadKilled
      else
        pure $
          if not (Seq.null (queue before)) && (Seq.length (queue before) >= capacity before || queued before > queueLimit)
            then (before, False)
            else (before {queue = queue before |> entry, queued = queued before + sizeOf entry}, True)
  if done then tell source else takeMVar (room source) >> put source entry

-- | Answers the @next@ that waits.
tell :: Source -> IO ()
tell source = do
  told_ <- modifyMVar (state source) $ \before ->
    pure $ case waiting before of
      Just (request, credit) | Just (after, taken) <- takeFrom source credit before -> (after {waiting = Nothing}, Just (request, taken))
      _ -> (before, Nothing)
  forM_ told_ $ \(request, taken) ->
    case taken of
      Right entries -> answerNext request entries >>= write
      Left fault -> withMVar (memory source) (\sink -> answerError sink (Just request) fault >>= write)
 where
  -- Nobody reads any more, and the other thread may wait for input for ever.
  write bytes = later source bytes `catch` \thrown -> const (raiseSignal sigTERM) (thrown :: IOException)

-- | What a @next@ is answered with; Nothing where it waits. No entries are the end.
takeFrom :: Source -> Int -> State -> Maybe (State, Either RpcError [Entry])
takeFrom source credit before
  | not (Seq.null (queue before)) =
      let (count, size) = fitting 0 0 (toList (Seq.take credit (queue before)))
          (taken, rest) = Seq.splitAt count (queue before)
       in Just (before {queue = rest, queued = queued before - size}, Right (toList taken))
  | not (ended before) = Nothing
  -- The next one begins anew.
  | Just fault <- failure before = Just (before {failure = Nothing, running = Nothing}, Left fault)
  | otherwise = Just (before, Right [])
 where
  most = messageLimit (limits source) + blockLimit
  fitting :: Int -> Int -> [Entry] -> (Int, Int)
  fitting count size (entry : rest)
    | count == 0 || size + sizeOf entry <= most = fitting (count + 1) (size + sizeOf entry) rest
  fitting count size _ = (count, size)

sizeOf :: Entry -> Int
sizeOf (Entry item position) = B.length position + 2 + either (const 64) B.length item

answerNext :: Int -> [Entry] -> IO B.ByteString
answerNext request entries = do
  failures <- if null failed then pure "" else B.append ",\"failed\":" <$> tellFailed failed
  pure . B.concat $
    [ "{\"jsonrpc\":\"2.0\",\"id\":"
    , C.pack (show request)
    , ",\"result\":{\"items\":["
    , B.intercalate "," [item | Entry (Right item) _ <- entries]
    , "],\"positions\":["
    , B.intercalate "," [position | Entry _ position <- entries]
    , if null entries then "],\"end\":true" else "],\"end\":false"
    , failures
    , "}}\n"
    ]
 where
  failed = [(index, fault) | (index, Entry (Left fault) _) <- zip [0 ..] entries]
