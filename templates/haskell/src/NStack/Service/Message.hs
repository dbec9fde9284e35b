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
import NStack.Decode.LastKeys (lastKeys)
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
      outcome <- try (runDecoder decoder (depthLimit limits) begin)
      case outcome of
        Right (value, _) -> maybe (Right value) (Left . declaredFault) <$> misfitAt begin
        Left (Misfit at reason) -> do
          again <- withLastKeys
          case again of
            Just found -> pure found
            Nothing -> do
              path <- pathTo at begin
              pure (Left (withPath path (rpcError invalidParams reason)))
 where
  size = end `minusPtr` begin
  declaredFault (path, reason) = withPath path (rpcError invalidParams reason)
  -- What the API says against it, where the code takes Json.
  misfitAt at = join <$> traverse (\declared -> declared . fst <$> runDecoder decodeJson (depthLimit limits) at) check
  -- Of a key that comes twice the last one counts, also where the first does not fit. Within Json both must be values.
  withLastKeys = do
    outcome <- try $ do
      _ <- misfitAt begin
      (again, _) <- runDecoder lastKeys (depthLimit limits) begin
      B.unsafeUseAsCString (B.append again (B.replicate slack 0x0A)) $ \copy -> do
        (value, _) <- runDecoder decoder (depthLimit limits) (castPtr copy)
        maybe (Right value) (Left . declaredFault) <$> misfitAt (castPtr copy)
    pure (either (\failure -> const Nothing (failure :: SomeException)) Just outcome)

-- | Refuses a value of more bytes.
atMost :: Int -> Decoder a -> Decoder a
atMost (I# most) (Decoder run) = Decoder $ \depth at s -> case run depth at s of
  (# s1, next, value #)
    | isTrue# (minusAddr# next (skipSpace at) ># most) -> misfit "too long" at s1
    | otherwise -> (# s1, next, value #)
