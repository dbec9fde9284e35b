{-# LANGUAGE OverloadedStrings #-}

-- | Answers, written into the sink as frames with their line feed; each is good until the next.
module NStack.Service.Answer
  ( opened
  , answered
  , answerResult
  , answerError
  , answerBlock
  , tellFailed
  ) where

import qualified Data.ByteString as B
import qualified Data.ByteString.Char8 as C
import qualified Data.ByteString.Unsafe as B
import Data.Word (Word8)
import Foreign.Ptr (Ptr, castPtr, minusPtr, plusPtr)
import Foreign.Storable (poke)

import NStack.Encode.Encoder
import NStack.Json
import NStack.Rpc.Error
import NStack.Service.Runner (Failed)

-- | Writes the beginning of an answer.
opened :: Sink -> Int -> B.ByteString -> IO (Ptr Word8)
opened sink identity next = do
  start <- sinkStart sink
  beginMessage sink start maxBound
  writeBytes (B.concat ["{\"jsonrpc\":\"2.0\",\"id\":", C.pack (show identity), ",", next]) sink start

answered :: Sink -> Ptr Word8 -> IO B.ByteString
answered sink end = do
  start <- sinkStart sink
  B.unsafePackCStringLen (castPtr start, end `minusPtr` start)

answerResult :: Sink -> Int -> B.ByteString -> IO B.ByteString
answerResult sink identity result = do
  begin <- opened sink identity "\"result\":"
  writeBytes result sink begin >>= writeBytes "}\n" sink >>= answered sink

answerError :: Sink -> Maybe Int -> RpcError -> IO B.ByteString
answerError sink identity failure = do
  start <- sinkStart sink
  beginMessage sink start maxBound
  text <- rendered encodeJson (told failure)
  end <- writeBytes (B.concat ["{\"jsonrpc\":\"2.0\",\"id\":", maybe "null" (C.pack . show) identity, ",\"error\":", text, "}\n"]) sink start
  answered sink end

-- | Bytes of all the failures of one answer; beyond it each is told in brief.
failedLimit :: Int
failedLimit = 4 * 1024 * 1024

answerBlock :: Sink -> Int -> (Ptr Word8 -> IO (Ptr Word8, Failed)) -> IO B.ByteString
answerBlock sink identity run = do
  begin <- opened sink identity "\"result\":{\"items\":["
  before <- offset begin
  (end, failed) <- run begin
  after <- offset end
  beginMessage sink end maxBound
  closed <-
    if after == before
      then writeBytes "]" sink end
      else poke (end `plusPtr` (-1)) (0x5D :: Word8) >> pure end
  failures <- if null failed then pure "" else B.append ",\"failed\":" <$> tellFailed failed
  writeBytes (B.append failures "}}\n") sink closed >>= answered sink
 where
  offset at = (\start -> at `minusPtr` start) <$> sinkStart sink

tellFailed :: Failed -> IO B.ByteString
tellFailed failed = do
  text <- rendered encodeJson (allOf told)
  if B.length text <= failedLimit then pure text else rendered encodeJson (allOf toldInBrief)
 where
  allOf tell = List [Object [("index", toJson index), ("error", tell failure)] | (index, failure) <- failed]
