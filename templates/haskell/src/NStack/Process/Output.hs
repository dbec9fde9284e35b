-- | Frames to a descriptor, written whole from any thread.
module NStack.Process.Output
  ( Output
  , newOutput
  , write
  ) where

import Control.Concurrent (threadWaitWrite)
import Control.Concurrent.MVar
import Control.Exception (throwIO)
import qualified Data.ByteString as B
import qualified Data.ByteString.Unsafe as B
import Data.Word (Word8)
import Foreign.C.Error (eAGAIN, eINTR, eWOULDBLOCK, errnoToIOError, getErrno)
import Foreign.C.Types (CInt (..), CLong (..), CSize (..))
import Foreign.Ptr (Ptr, castPtr, plusPtr)
import System.Posix.Types (Fd (..))

data Output = Output !Fd !(MVar ())

newOutput :: Fd -> IO Output
newOutput to = Output to <$> newMVar ()

-- | Writes bytes that end with a line feed. Fails with an IOException where nobody reads any more.
write :: Output -> B.ByteString -> IO ()
write (Output to lock) bytes = withMVar lock $ \() -> B.unsafeUseAsCStringLen bytes $ \(from, count) -> writeFrom to (castPtr from) count

writeFrom :: Fd -> Ptr Word8 -> Int -> IO ()
writeFrom _ _ 0 = pure ()
writeFrom (Fd to) from count = do
  put <- c_write to from (fromIntegral count)
  if put >= 0
    then writeFrom (Fd to) (from `plusPtr` fromIntegral put) (count - fromIntegral put)
    else do
      errno <- getErrno
      case () of
        _
          | errno == eINTR -> writeFrom (Fd to) from count
          | errno == eAGAIN || errno == eWOULDBLOCK -> threadWaitWrite (Fd to) >> writeFrom (Fd to) from count
          | otherwise -> throwIO (errnoToIOError "write" errno Nothing Nothing)

foreign import ccall safe "unistd.h write" c_write :: CInt -> Ptr Word8 -> CSize -> IO CLong
