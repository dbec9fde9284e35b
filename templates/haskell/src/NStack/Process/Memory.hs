-- | The memory that the service may take.
module NStack.Process.Memory (limitHeap) where

import Control.Exception (IOException, try)
import Control.Monad (forM_, when)
import Data.Char (isDigit)
import Data.Word (Word64)
import System.IO (IOMode (ReadMode), hGetLine, withFile)

foreign import ccall unsafe "nstack_limit_heap" setLimit :: Word64 -> IO ()

-- | Bounds the heap a little below the memory of the container, so that a message that needs more fails with HeapOverflow, and the
-- kernel does not kill the service with all the others.
limitHeap :: IO ()
limitHeap = forM_ ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] $ \path -> do
  line <- try (withFile path ReadMode hGetLine) :: IO (Either IOException String)
  case line of
    -- "max", or the largest number that there is, where there is no limit.
    Right text
      | not (null text), all isDigit text, length text < 16 ->
          let bytes = read text `quot` 10 * 8 in when (bytes > smallest) (setLimit bytes)
    _ -> pure ()
 where
  -- Below it GHC's own blocks are a large part.
  smallest = 32 * 1024 * 1024
