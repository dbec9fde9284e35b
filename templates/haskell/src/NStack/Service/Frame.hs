{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Reading a frame that is not the quick path: whether it is JSON-RPC at all, and where its parts are.
module NStack.Service.Frame
  ( Request (..)
  , readRequest
  , requestIdOf
  , cancelledBy
  , membersAt
  , itemsAt
  , jsonAt
  , decodeAt
  , valueAt
  ) where

import Control.Exception
import qualified Data.ByteString as B
import qualified Data.ByteString.Unsafe as B
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Word (Word8)
import GHC.Exts (Int (..), Ptr (..), minusAddr#, plusAddr#)
import GHC.IO (IO (..))

import qualified NStack.Decode.Number as Decode
import NStack.Decode.Decoder
import NStack.Decode.Record
import NStack.Decode.Skip
import qualified NStack.Decode.Text as Decode
import NStack.Json
import NStack.Rpc.Error

data Request = Request
  { requestId :: !(Maybe Int)
  , requestMethod :: !Text
  , requestParams :: !(Maybe (Ptr Word8))
  }

-- | How deep a frame may nest before it counts as no JSON: what a stack of 64 MiB holds. The depth of messages is another matter.
deepest :: Int
deepest = 100000

-- | Throws RpcError for what is no request; the frame ends with its line feed at `size`.
readRequest :: Ptr Word8 -> Int -> IO Request
readRequest frame@(Ptr begin) size@(I# size#) = do
  wellFormed
  if byteAt (skipSpace begin) 0# /= 0x7B then throwIO (rpcError invalidRequest "no JSON-RPC request: a request is an object") else pure ()
  found <- membersAt [Key "jsonrpc"# 7#, Key "id"# 2#, Key "method"# 6#, Key "params"# 6#] frame
  case found of
    [Just version, identity, Just method, params] -> do
      spoken <- part "jsonrpc" (decodeAt Decode.text version)
      if spoken /= "2.0" then throwIO (rpcError invalidRequest "no JSON-RPC 2.0 request") else pure ()
      number <- traverse (part "id" . decodeAt Decode.int) identity
      if maybe False (\n -> n < 0 || n > 999999999999999) number
        then throwIO (rpcError invalidRequest "no JSON-RPC request: an id is a whole number from 0")
        else pure ()
      name <- part "method" (decodeAt Decode.text method)
      pure (Request number name params)
    _ -> throwIO (rpcError invalidRequest "no JSON-RPC request: it has jsonrpc and method")
 where
  wellFormed = do
    bytes <- B.unsafePackCStringLen (Ptr begin, size)
    if B.isValidUtf8 bytes then pure () else throwIO (rpcError parseError "no UTF-8")
    end <- try (skip frame deepest)
    case end of
      Right (Ptr after)
        | Ptr (skipSpace after) == Ptr (plusAddr# begin size#) -> pure ()
        | otherwise -> throwIO (rpcError parseError "no JSON: text after the value")
      Left failure
        | Just (Malformed at reason) <- fromException failure -> throwIO (noJson at reason)
        | Just (Misfit at reason) <- fromException failure -> throwIO (noJson at reason)
        | otherwise -> throwIO failure
  noJson (Ptr at) reason = rpcError parseError (Text.concat ["no JSON: ", reason, " at byte ", Text.pack (show (I# (minusAddr# at begin)))])
  part name run = run `catch` \(Misfit _ reason) -> throwIO (rpcError invalidRequest (Text.concat ["no JSON-RPC request: ", name, ": ", reason]))

-- | The id of a request that waits; Nothing where it has none or cannot be read.
requestIdOf :: Ptr Word8 -> Int -> IO (Maybe Int)
requestIdOf frame size = either (\failure -> const Nothing (failure :: SomeException)) requestId <$> try (readRequest frame size)

-- | The id that a frame cancels; Nothing where it is another frame.
cancelledBy :: Ptr Word8 -> Int -> IO (Maybe Int)
cancelledBy frame@(Ptr begin) size
  | size > 1000 = pure Nothing
  | otherwise = do
      bytes <- B.unsafePackCStringLen (Ptr begin, size)
      if B.null (snd (B.breakSubstring "$/cancel" bytes))
        then pure Nothing
        else either (\failure -> const Nothing (failure :: SomeException)) id <$> try look
 where
  look = do
    request <- readRequest frame size
    case requestParams request of
      Just params | requestMethod request == "$/cancel" -> do
        found <- membersAt [Key "id"# 2#] params
        traverse (decodeAt Decode.int) (concatMaybe found)
      _ -> pure Nothing
  concatMaybe [Just at] = Just at
  concatMaybe _ = Nothing

-- | Where the values of an object's members are. The object is well-formed.
membersAt :: Keys -> Ptr Word8 -> IO [Maybe (Ptr Word8)]
membersAt names (Ptr at) = IO $ \s -> case enter depth at s of
  (# s1, below, start #) -> case scan names below start s1 of
    (# s2, slots, _ #) -> (# s2, [slotAddress slots n | n <- [0 .. length names - 1]] #)
 where
  !(I# depth) = deepest

-- | The items of a list: where each begins and ends. The list is well-formed.
itemsAt :: Ptr Word8 -> IO [(Ptr Word8, Ptr Word8)]
itemsAt (Ptr list) = go [] (Ptr (skipSpace (plusAddr# (skipSpace list) 1#)))
 where
  go found at@(Ptr begin)
    | byteAt begin 0# == 0x5D = pure (reverse found)
    | otherwise = do
        end@(Ptr after) <- skip at deepest
        case skipSpace after of
          next
            | byteAt next 0# == 0x2C -> go ((at, end) : found) (Ptr (skipSpace (plusAddr# next 1#)))
            | otherwise -> pure (reverse ((at, end) : found))

-- | A value as it is written.
jsonAt :: Ptr Word8 -> IO B.ByteString
jsonAt (Ptr before) = do
  let from = Ptr (skipSpace before)
  Ptr end <- skip from deepest
  case from of Ptr begin -> B.packCStringLen (Ptr begin, I# (minusAddr# end begin))

skip :: Ptr Word8 -> Int -> IO (Ptr Word8)
skip (Ptr at) (I# depth) = IO $ \s -> case skipValue depth at s of (# s1, end #) -> (# s1, Ptr end #)

decodeAt :: Decoder a -> Ptr Word8 -> IO a
decodeAt decoder at = fst <$> runDecoder decoder deepest at

-- | Any JSON, such as the parameters of initialize.
valueAt :: Ptr Word8 -> IO Json
valueAt = decodeAt decodeJson
