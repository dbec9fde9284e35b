{-# LANGUAGE OverloadedStrings #-}

-- | Serves on stdin and stdout until the input ends.
--
-- Requests are worked one after the other, in order. Between two of them the input is looked at, so that one which is cancelled
-- before it was begun is never run.
module NStack.Process.Run (runService) where

import Control.Concurrent (forkIO, threadWaitRead)
import Control.Concurrent.MVar
import Control.Exception hiding (handle)
import Control.Monad (forM_, unless, void, when)
import Data.IORef
import Data.List (delete)
import qualified Data.Text.IO as Text
import GHC.IO.Exception (IOErrorType (ResourceVanished), IOException (ioe_type))
import System.Exit (ExitCode (..), exitWith)
import System.IO
import System.Posix.IO (OpenMode (ReadOnly), closeFd, defaultFileFlags, dup, dupTo, openFd, stdError, stdInput, stdOutput)
import System.Posix.Signals (Handler (Catch, Ignore), installHandler, sigINT, sigTERM)
import System.Posix.Terminal (queryTerminal)
import System.Posix.Types (Fd)

import NStack.Process.Input
import NStack.Process.Memory
import NStack.Process.Output
import NStack.Rpc.Error (RpcError (..), raised)
import NStack.Service.Channel (sendTo)
import NStack.Service.Frame
import NStack.Service.Function
import NStack.Service.Server

-- | The program of a service; it ends the process.
runService :: Service -> IO ()
runService service = do
  limitHeap
  (from, to) <- takeProtocol
  input <- newInput from
  output <- newOutput to
  server <- newServer service (write output)
  sendTo (Just (write output))
  stops <- watchSignals
  serve server input output from stops `catch` \failure -> unless (ioe_type failure == ResourceVanished) (throwIO failure)
  code_ <- (ExitSuccess <$ stop server) `catch` \failure -> do
    RpcError _ text _ <- raised "shutdown" (failure :: SomeException)
    Text.hPutStrLn stderr text
    pure (ExitFailure 1)
  hFlush stdout
  exitWith code_

-- | Moves the bridge to descriptors of its own, so that whatever reads 0 or writes 1, in whatever language, cannot touch it.
takeProtocol :: IO (Fd, Fd)
takeProtocol = do
  from <- dup stdInput
  to <- dup stdOutput
  nothing <- openFd "/dev/null" ReadOnly defaultFileFlags
  void (dupTo nothing stdInput)
  closeFd nothing
  void (dupTo stdError stdOutput)
  utf8_ <- mkTextEncoding "UTF-8//TRANSLIT"
  forM_ [stdout, stderr] $ \handle_ -> hSetBuffering handle_ LineBuffering >> hSetEncoding handle_ utf8_
  hSetEncoding stdin utf8
  pure (from, to)

-- | SIGTERM, and what the waiting of the main thread ends by: something to read, or the signal.
data Stops = Stops
  { stopped :: IORef Bool
  , event :: MVar ()
  , waiter :: IORef Bool
  }

watchSignals :: IO Stops
watchSignals = do
  stops <- Stops <$> newIORef False <*> newEmptyMVar <*> newIORef False
  void (installHandler sigTERM (Catch (writeIORef (stopped stops) True >> void (tryPutMVar (event stops) ()))) Nothing)
  terminal <- queryTerminal stdError
  -- A Ctrl-C is the hub's to handle.
  unless terminal (void (installHandler sigINT Ignore Nothing))
  pure stops

-- | Returns once the service was shut down, or its input has ended or SIGTERM come and what was read is answered.
serve :: Server -> Input -> Output -> Fd -> Stops -> IO ()
serve server input output from stops = newIORef [] >>= next
 where
  next cancelled = do
    frame <- takeFrame input
    case frame of
      Just (bytes, size) -> do
        answerTo cancelled bytes size >>= mapM_ (write output)
        over <- finished server
        unless over $ do
          readAhead cancelled
          next cancelled
      Nothing -> do
        over <- readIORef (ended input)
        unless over $ do
          ready <- waitForInput input from stops
          when ready $ do
            more <- fill input
            when more (noteCancelled input cancelled)
            next cancelled

  answerTo cancelled bytes size = do
    some <- readIORef cancelled
    if null some
      then handle server bytes size
      else do
        identity <- requestIdOf bytes size
        case identity of
          Just number | number `elem` some -> do
            writeIORef cancelled (delete number some)
            Just <$> refuseCancelled server number
          _ -> handle server bytes size

  -- Only where a request waits is there one to cancel.
  readAhead cancelled = do
    waits <- mayHaveMore input
    over <- readIORef (ended input)
    off <- readIORef (stopped stops)
    when (waits && not over && not off) $ do
      ready <- readable input
      when ready $ do
        more <- fill input
        when more (noteCancelled input cancelled)

noteCancelled :: Input -> IORef [Int] -> IO ()
noteCancelled input cancelled = do
  frames <- newFrames input
  forM_ frames $ \(bytes, size) -> do
    found <- cancelledBy bytes size
    forM_ found $ \number -> do
      waiting <- waitingFrames input
      identities <- mapM (uncurry requestIdOf) waiting
      when (Just number `elem` identities) (modifyIORef' cancelled (number :))

-- | Waits for input; False where SIGTERM came instead.
waitForInput :: Input -> Fd -> Stops -> IO Bool
waitForInput input from stops = do
  off <- readIORef (stopped stops)
  ready <- if off then pure False else readable input
  if off || ready
    then pure (not off)
    else do
      waits <- readIORef (waiter stops)
      unless waits $ do
        writeIORef (waiter stops) True
        void (forkIO (threadWaitRead from >> writeIORef (waiter stops) False >> void (tryPutMVar (event stops) ())))
      takeMVar (event stops)
      waitForInput input from stops
