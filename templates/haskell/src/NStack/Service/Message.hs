{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Decoding one message by itself, with the reason where it does not fit.
module NStack.Service.Message
  ( decodeItem
  , atMost
  ) where

import Control.Exception
import Control.Monad (join)
import qualified Data.ByteString as B
import qualified Data.ByteString.Unsafe as B
import qualified Data.Text as Text
import Data.Word (Word8)
import Foreign.Ptr (castPtr, minusPtr)
import GHC.Exts (Int (..), Ptr (..), isTrue#, minusAddr#, (>#))

import NStack.Decode.Decoder
import NStack.Decode.Path (pathTo)
import NStack.Encode.Encoder (rendered)
import NStack.Json
import NStack.Rpc.Error
import NStack.Service.Declared (Check)
import NStack.Service.Runner (Limits (..))

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
          pure (maybe (Right value) (\(path, reason) -> Left (withPath path (rpcError invalidParams reason))) (join fault))
        Left (Misfit at reason) -> do
          again <- withLastKeys limits decoder begin
          case again of
            Just value -> pure (Right value)
            Nothing -> do
              path <- pathTo at begin
              pure (Left (withPath path (rpcError invalidParams reason)))
 where
  size = end `minusPtr` begin

-- | Of a key that comes twice the last one counts, also where the first does not fit: in a Map, which records know by themselves.
withLastKeys :: Limits -> Decoder a -> Ptr Word8 -> IO (Maybe a)
withLastKeys limits decoder at = do
  outcome <- try $ do
    (value, _) <- runDecoder decodeJson (depthLimit limits) at
    again <- rendered encodeJson value
    B.unsafeUseAsCString (B.append again (B.replicate slack 0x0A)) $ \copy -> fst <$> runDecoder decoder (depthLimit limits) (castPtr copy)
  pure (either (\failure -> const Nothing (failure :: SomeException)) Just outcome)

-- | Refuses a value of more bytes.
atMost :: Int -> Decoder a -> Decoder a
atMost (I# most) (Decoder run) = Decoder $ \depth at s -> case run depth at s of
  (# s1, next, value #)
    | isTrue# (minusAddr# next (skipSpace at) ># most) -> misfit "too long" at s1
    | otherwise -> (# s1, next, value #)
