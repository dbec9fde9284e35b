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
import qualified Data.Text as Text
import Data.Word (Word8)
import Foreign.Ptr (minusPtr)
import GHC.Exts (Int (..), Ptr (..), isTrue#, minusAddr#, (>#))

import NStack.Decode.Decoder
import NStack.Decode.Path (pathTo)
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
      outcome <- try ((reading (depthLimit limits) `catch` \(Misfit _ _) -> reading (carefulDepth (depthLimit limits))) >>= checked)
      case outcome of
        Right (value, Nothing) -> pure (Right value)
        Right (_, Just (path, reason)) -> refused path reason
        Left (Misfit at reason) -> do
          path <- pathTo at begin
          refused path reason
 where
  size = end `minusPtr` begin
  reading depth = fst <$> runDecoder decoder depth begin
  checked value = do
    fault <- traverse (\declared -> declared . fst <$> runDecoder decodeJson (depthLimit limits) begin) check
    pure (value, join fault)
  refused path reason = pure (Left (withPath path (rpcError invalidParams reason)))

-- | Refuses a value of more bytes.
atMost :: Int -> Decoder a -> Decoder a
atMost (I# most) (Decoder run) = Decoder $ \depth at s -> case run depth at s of
  (# s1, next, value #)
    | isTrue# (minusAddr# next (skipSpace at) ># most) -> misfit "too long" at s1
    | otherwise -> (# s1, next, value #)
