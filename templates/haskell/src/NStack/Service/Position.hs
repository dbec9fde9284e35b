{-# LANGUAGE OverloadedStrings #-}

-- | Where a source stands: JSON that its author chose.
module NStack.Service.Position
  ( decodePosition
  , encodePosition
  , numberIn
  ) where

import Control.Exception
import qualified Data.ByteString as B
import qualified Data.ByteString.Unsafe as B
import qualified Data.Text as Text
import Foreign.Ptr (castPtr)

import NStack.Decode.Decoder
import NStack.Encode.Encoder
import NStack.Json
import NStack.Rpc.Error

-- | Bytes of a position.
positionLimit :: Int
positionLimit = 16384

depth :: Int
depth = 256

-- | Nothing is read as null. Throws RpcError.
decodePosition :: Decoder a -> Maybe B.ByteString -> IO a
decodePosition decoder given = B.unsafeUseAsCString (B.append (maybe "null" id given) (B.replicate slack 0x0A)) $ \at ->
  (fst <$> runDecoder decoder depth (castPtr at)) `catch` \(Misfit _ reason) ->
    throwIO (rpcError invalidParams (Text.append "the position does not fit: " reason))

-- | Throws RpcError.
encodePosition :: Encoder a -> a -> IO B.ByteString
encodePosition encoder value = do
  written <- rendered encoder value `catch` \(Hidden reason) -> throwIO (rpcError invalidResult (Text.append "the position does not fit: " reason))
  if B.length written > positionLimit
    then throwIO (rpcError invalidResult (Text.pack ("the position has " ++ show (B.length written) ++ " bytes, and the limit is " ++ show positionLimit)))
    else pure written

-- | How many items were given before, where positions are numbers.
numberIn :: Maybe B.ByteString -> IO Integer
numberIn given = do
  json <- decodePosition decodeJson given
  pure (case json of Integer number -> number; _ -> 0)
