{-# LANGUAGE OverloadedStrings #-}

-- | Runs one function over messages: each is called and encoded where it stands in the answer, and fails alone.
module NStack.Service.Runner
  ( Limits (..)
  , defaultLimits
  , Failed
  , runMessages
  , blockLimit
  ) where

import Control.Exception
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Word (Word8)
import Foreign.Ptr (Ptr, minusPtr, plusPtr)
import Foreign.Storable (poke)
import System.Mem (performMajorGC)

import NStack.Encode.Encoder
import NStack.Rpc.Error
import NStack.Service.Function

data Limits = Limits
  { messageLimit :: !Int
  -- ^ Bytes.
  , depthLimit :: !Int
  }

defaultLimits :: Limits
defaultLimits = Limits (16 * 1024 * 1024) 256

-- | Bytes that all results of a block may have beyond those of one: what a frame holds is bounded.
blockLimit :: Int
blockLimit = 8 * 1024 * 1024

-- | Errors by their index in the block, rising.
type Failed = [(Int, RpcError)]

-- | Calls a function with each message that could be decoded, and writes the results, a comma behind each, from an address on.
-- Answers the address behind them. Where it stops at a failure, no message is begun behind the first whose call fails.
runMessages :: Limits -> Text -> Bool -> Encoder b -> Call a b -> Sink -> Ptr Word8 -> [Either RpcError a] -> IO (Ptr Word8, Failed)
runMessages limits place stops encoder call sink start messages = do
  offset <- offsetOf sink start
  case call of
    Each f -> each limits place stops encoder f sink offset messages
    Whole f -> whole f >>= each limits place False encoder pure sink offset
 where
  whole f = case [value | Right value <- messages] of
    [] -> pure [Left failure | Left failure <- messages]
    values -> do
      outcome <- try (f values >>= \results -> (,) results <$> evaluate (length results))
      case outcome of
        Right (results, count)
          | count == length values -> pure (together messages results)
          | otherwise ->
              fails . rpcError invalidResult . Text.pack $
                "a vectorised function took " ++ show (length values) ++ " messages and gave " ++ show count ++ " results"
        Left failure -> raised place failure >>= fails
  fails failure = pure [either Left (const (Left failure)) message | message <- messages]

-- | Results in place of the values that they are of.
together :: [Either RpcError a] -> [b] -> [Either RpcError b]
together (Left failure : rest) results = Left failure : together rest results
together (Right _ : rest) (result : results) = Right result : together rest results
together _ _ = []

each :: forall a b. Limits -> Text -> Bool -> Encoder b -> (a -> IO b) -> Sink -> Int -> [Either RpcError a] -> IO (Ptr Word8, Failed)
each limits place stops encoder f sink offset0 = go 0 offset0 []
 where
  room = offset0 + messageLimit limits + blockLimit
  go :: Int -> Int -> Failed -> [Either RpcError a] -> IO (Ptr Word8, Failed)
  go _ offset failed [] = do
    begin <- sinkStart sink
    pure (begin `plusPtr` offset, reverse failed)
  go index offset failed (Left failure : rest) = go (index + 1) offset ((index, failure) : failed) rest
  go index offset failed (Right value : rest) = do
    begin <- sinkStart sink
    let at = begin `plusPtr` offset
    beginMessage sink at (messageLimit limits)
    outcome <- try (f value >>= \result -> runEncoder encoder result sink at)
    case outcome of
      Right end -> do
        next <- offsetOf sink end
        if next - offset > messageLimit limits
          then refuse (resultTooLong (next - offset))
          else
            if next > room
              then refuse (rpcError tooLarge "the results of its block are too long for one answer")
              else do
                -- There is always room for a byte: ensure keeps some.
                poke end 0x2C
                go (index + 1) (next + 1) failed rest
      Left failure -> explain failure >>= refuse
   where
    refuse failure = go (index + 1) offset ((index, failure) : failed) (if stops && code failure == serviceError then map unbegun rest else rest)
  unbegun (Right _) = Left (rpcError notBegun "not begun: a message before it in its block failed")
  unbegun unfit = unfit
  explain failure
    -- What it held is garbage now, and must not count against the next message.
    | Just HeapOverflow <- fromException failure = performMajorGC >> withHint moreMemory <$> raised place failure
    | Just (Hidden reason) <- fromException failure = pure (rpcError invalidResult (Text.append "the result does not fit: " reason))
    | Just TooLong <- fromException failure =
        pure (rpcError tooLarge (Text.pack ("the result is longer than the limit of " ++ show (messageLimit limits) ++ " bytes")))
    | otherwise = raised place failure
  moreMemory = "The code needs more memory than limits.memory of nstack.yaml allows: raise it, or hold less at a time."
  resultTooLong size =
    rpcError tooLarge (Text.pack ("the result has " ++ show size ++ " bytes, and the limit is " ++ show (messageLimit limits)))

offsetOf :: Sink -> Ptr Word8 -> IO Int
offsetOf sink at = do
  begin <- sinkStart sink
  pure (at `minusPtr` begin)
