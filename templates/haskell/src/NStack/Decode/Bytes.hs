{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Values that JSON holds as texts: Bytes in base64, and what else is 'quoted'.
module NStack.Decode.Bytes
  ( bytes
  , lazyBytes
  , quoted
  ) where

import Data.Bits (shiftL, shiftR, (.&.), (.|.))
import qualified Data.ByteString as B
import qualified Data.ByteString.Internal as B (unsafeCreate)
import qualified Data.ByteString.Lazy as L
import qualified Data.ByteString.Unsafe as B (unsafeUseAsCStringLen)
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Text.Encoding (encodeUtf8)
import Data.Word (Word8)
import Foreign.Storable (pokeByteOff)
import GHC.Exts
import GHC.IO (IO (..), unsafeDupablePerformIO)

import NStack.Decode.Decoder
import NStack.Decode.Text

-- | A value that is read from the bytes of a text, between two addresses; of that name where it is none.
quoted :: Text -> (Addr# -> Addr# -> Maybe a) -> Decoder a
quoted name parse = Decoder go
 where
  go depth at s = case byteAt at 0# of
    0x22 -> case plainEnd (plusAddr# at 1#) of
      end
        | byteAt end 0# == 0x22 -> case parse (plusAddr# at 1#) end of
            Just found -> (# s, plusAddr# end 1#, found #)
            Nothing -> refused (told (plusAddr# at 1#) end) at s
        | otherwise -> case text of
            Decoder run -> case run depth at s of (# s1, next, whole #) -> escaped whole at next s1
    byte
      | isSpace byte -> go depth (plusAddr# at 1#) s
      | otherwise -> expected name at s
  escaped whole at next s = case inBytes whole of
    Just found -> (# s, next, found #)
    Nothing -> refused whole at s
  inBytes whole = unsafeDupablePerformIO . B.unsafeUseAsCStringLen (encodeUtf8 whole) $ \(Ptr begin, I# size) ->
    case parse begin (plusAddr# begin size) of
      Just found -> pure (Just found)
      Nothing -> pure Nothing
  refused whole = misfit (Text.concat ["expected ", name, ", found ", Text.pack (show (Text.take 60 whole))])
  told begin end = unsafeDupablePerformIO (IO (textBetween begin end))
{-# INLINE quoted #-}

bytes :: Decoder B.ByteString
bytes = quoted "Bytes (base64 with padding)" (\begin end -> base64 (Ptr begin) (I# (minusAddr# end begin)))

lazyBytes :: Decoder L.ByteString
lazyBytes = L.fromStrict <$> bytes

-- | RFC 4648, section 4: padded, nothing between, and no bits left over.
base64 :: Ptr Word8 -> Int -> Maybe B.ByteString
base64 (Ptr at) size
  | size == 0 = Just B.empty
  | size `rem` 4 /= 0 || not (all ok [0 .. size - 1 - padding]) || leftOver /= 0 = Nothing
  | otherwise = Just (B.unsafeCreate (size `quot` 4 * 3 - padding) fill)
 where
  byte (I# n) = byteAt at n
  sextet n = fromIntegral (B.index table (fromIntegral (byte n))) :: Int
  ok n = sextet n < 64
  padding
    | byte (size - 2) == 0x3D && byte (size - 1) == 0x3D = 2
    | byte (size - 1) == 0x3D = 1
    | otherwise = 0
  leftOver = case padding of
    2 -> sextet (size - 3) .&. 0x0F
    1 -> sextet (size - 2) .&. 0x03
    _ -> 0
  fill target = go 0 0
   where
    go from to
      | from >= size = pure ()
      | otherwise = do
          let value n = if from + n < size - padding then sextet (from + n) else 0
              word = (value 0 `shiftL` 18) .|. (value 1 `shiftL` 12) .|. (value 2 `shiftL` 6) .|. value 3
              left = size `quot` 4 * 3 - padding - to
          pokeByteOff target to (fromIntegral (word `shiftR` 16) :: Word8)
          if left > 1 then pokeByteOff target (to + 1) (fromIntegral (word `shiftR` 8) :: Word8) else pure ()
          if left > 2 then pokeByteOff target (to + 2) (fromIntegral word :: Word8) else pure ()
          go (from + 4) (to + 3)

-- | The value of each byte as a digit of base 64, and 255 where it is none.
table :: B.ByteString
table = B.pack (map value [0 .. 255])
 where
  value :: Word8 -> Word8
  value byte
    | byte >= 0x41 && byte <= 0x5A = byte - 0x41
    | byte >= 0x61 && byte <= 0x7A = byte - 0x61 + 26
    | byte >= 0x30 && byte <= 0x39 = byte - 0x30 + 52
    | byte == 0x2B = 62
    | byte == 0x2F = 63
    | otherwise = 255
