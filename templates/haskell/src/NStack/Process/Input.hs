-- | Frames from a descriptor: bytes up to 0x0A, read in big pieces into memory in which they are decoded.
module NStack.Process.Input
  ( Input
  , newInput
  , takeFrame
  , newFrames
  , waitingFrames
  , fill
  , mayHaveMore
  , readable
  , ended
  ) where

import Control.Exception (throwIO)
import Control.Monad (when)
import Data.IORef
import Data.Word (Word8)
import Foreign.C.Error (eAGAIN, eCONNRESET, eINTR, eWOULDBLOCK, getErrno, errnoToIOError)
import Foreign.C.Types (CInt (..), CLong (..), CShort, CSize (..), CULong (..))
import Foreign.Marshal.Alloc (allocaBytes, mallocBytes, reallocBytes)
import Foreign.Marshal.Utils (moveBytes)
import Foreign.Ptr (Ptr, minusPtr, nullPtr, plusPtr)
import Foreign.Storable (pokeByteOff)
import System.Posix.Types (Fd (..))

import NStack.Decode.Decoder (slack)

-- | Bytes from `begin` on are not yet taken; those before `looked` hold no frame that 'newFrames' has not told; the frame that
-- begins at `partial` has no line feed before `scanned`.
data Input = Input
  { descriptor :: !Fd
  , memory :: !(IORef (Ptr Word8))
  , size :: !(IORef Int)
  , begin :: !(IORef Int)
  , looked :: !(IORef Int)
  , partial :: !(IORef Int)
  , scanned :: !(IORef Int)
  , end :: !(IORef Int)
  , ended :: !(IORef Bool)
  }

-- | Bytes of one read.
piece :: Int
piece = 262144

newInput :: Fd -> IO Input
newInput from = do
  bytes <- mallocBytes (2 * piece + slack)
  let zero = newIORef 0
  Input from <$> newIORef bytes <*> newIORef (2 * piece) <*> zero <*> zero <*> zero <*> zero <*> zero <*> newIORef False

-- | The next whole frame without its line feed, which follows it; good until 'fill'.
takeFrame :: Input -> IO (Maybe (Ptr Word8, Int))
takeFrame input = do
  start <- readIORef (begin input)
  found <- frameFrom input start
  case found of
    Just (frame, count) -> writeIORef (begin input) (start + count + 1) >> pure (Just (frame, count))
    Nothing -> pure Nothing

-- | The whole frame that begins at an offset.
frameFrom :: Input -> Int -> IO (Maybe (Ptr Word8, Int))
frameFrom input start = do
  bytes <- readIORef (memory input)
  stop <- readIORef (end input)
  known <- readIORef (partial input)
  from <- if known == start then readIORef (scanned input) else pure start
  found <- memchr (bytes `plusPtr` from) 0x0A (fromIntegral (stop - from))
  if found == nullPtr
    then writeIORef (partial input) start >> writeIORef (scanned input) stop >> pure Nothing
    else pure (Just (bytes `plusPtr` start, found `minusPtr` (bytes `plusPtr` start)))

-- | The whole frames that have come since this was last asked, and wait.
newFrames :: Input -> IO [(Ptr Word8, Int)]
newFrames input = do
  start <- readIORef (begin input)
  from <- max start <$> readIORef (looked input)
  (frames, next) <- framesFrom input from
  writeIORef (looked input) next
  pure frames

-- | All whole frames that wait.
waitingFrames :: Input -> IO [(Ptr Word8, Int)]
waitingFrames input = readIORef (begin input) >>= fmap fst . framesFrom input

framesFrom :: Input -> Int -> IO ([(Ptr Word8, Int)], Int)
framesFrom input = go []
 where
  go found from = do
    one <- frameFrom input from
    case one of
      Just (frame, count) -> go ((frame, count) : found) (from + count + 1)
      Nothing -> pure (reverse found, from)

-- | Whether something waits in memory, a whole frame or the beginning of one.
mayHaveMore :: Input -> IO Bool
mayHaveMore input = (<) <$> readIORef (begin input) <*> readIORef (end input)

-- | Reads one piece. False at the end of the input, where what is left is no frame.
fill :: Input -> IO Bool
fill input = do
  makeRoom input
  bytes <- readIORef (memory input)
  stop <- readIORef (end input)
  count <- readFrom (descriptor input) (bytes `plusPtr` stop) piece
  if count == 0
    then writeIORef (ended input) True >> pure False
    else writeIORef (end input) (stop + count) >> pure True

makeRoom :: Input -> IO ()
makeRoom input = do
  start <- readIORef (begin input)
  stop <- readIORef (end input)
  room <- readIORef (size input)
  bytes <- readIORef (memory input)
  if start == stop
    then do
      place 0 0 start
      -- A long frame's memory goes back.
      when (room > 16 * piece) (resize bytes (2 * piece))
    else when (room - stop < piece) $ do
      moveBytes bytes (bytes `plusPtr` start) (stop - start)
      place 0 (stop - start) start
      when (room - (stop - start) < piece) (resize bytes (2 * room))
 where
  place first last_ by = do
    writeIORef (begin input) first
    writeIORef (end input) last_
    modifyIORef' (looked input) (subtract by)
    modifyIORef' (partial input) (subtract by)
    modifyIORef' (scanned input) (subtract by)
  resize bytes room = do
    moved <- reallocBytes bytes (room + slack)
    writeIORef (memory input) moved
    writeIORef (size input) room

readFrom :: Fd -> Ptr Word8 -> Int -> IO Int
readFrom (Fd from) to count = do
  got <- c_read from to (fromIntegral count)
  if got >= 0
    then pure (fromIntegral got)
    else do
      errno <- getErrno
      case () of
        _
          | errno == eINTR -> readFrom (Fd from) to count
          | errno == eAGAIN || errno == eWOULDBLOCK -> wait (-1) from >> readFrom (Fd from) to count
          -- A socket whose other end died.
          | errno == eCONNRESET -> pure 0
          | otherwise -> throwIO (errnoToIOError "read" errno Nothing Nothing)

-- | Whether a read would not wait.
readable :: Input -> IO Bool
readable input = case descriptor input of Fd from -> wait 0 from

wait :: CInt -> CInt -> IO Bool
wait milliseconds from = allocaBytes 8 $ \entry -> do
  pokeByteOff entry 0 from
  pokeByteOff entry 4 (1 :: CShort)
  pokeByteOff entry 6 (0 :: CShort)
  found <- (if milliseconds == 0 then c_poll else c_poll_safe) entry 1 milliseconds
  pure (found > 0)

foreign import ccall unsafe "string.h memchr" memchr :: Ptr Word8 -> CInt -> CSize -> IO (Ptr Word8)

foreign import ccall unsafe "unistd.h read" c_read :: CInt -> Ptr Word8 -> CSize -> IO CLong

foreign import ccall unsafe "poll.h poll" c_poll :: Ptr () -> CULong -> CInt -> IO CInt

foreign import ccall safe "poll.h poll" c_poll_safe :: Ptr () -> CULong -> CInt -> IO CInt
