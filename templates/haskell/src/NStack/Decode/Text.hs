{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Texts: a copy where nothing is escaped.
module NStack.Decode.Text
  ( text
  , lazyText
  , string
  , plainEnd
  , textBetween
  ) where

import Data.Bits (complement, (.&.), (.|.), xor)
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Text.Array (Array (ByteArray))
import Data.Text.Internal (Text (Text))
import qualified Data.Text.Lazy as Lazy
import Data.Word (Word64)
import GHC.Exts
import GHC.Word (Word64 (..))

import NStack.Decode.Decoder
import NStack.Decode.Skip

text :: Decoder Text
text = Decoder go
 where
  go :: Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, Text #)
  go depth at s = case byteAt at 0# of
    0x22 -> case plusAddr# at 1# of
      begin -> case plainEnd begin of
        end
          | byteAt end 0# == 0x22 -> case textBetween begin end s of
              (# s1, found #) -> (# s1, plusAddr# end 1#, found #)
          | otherwise -> unescape begin end s
    byte
      | isSpace byte -> go depth (plusAddr# at 1#) s
      | otherwise -> expected "Text" at s

string :: Decoder String
string = Decoder $ \depth at s -> case text of
  Decoder run -> case run depth at s of (# s1, next, found #) -> (# s1, next, Text.unpack found #)

lazyText :: Decoder Lazy.Text
lazyText = Lazy.fromStrict <$> text

-- | The first quote, backslash or control character, eight bytes at a time.
plainEnd :: Addr# -> Addr#
plainEnd at
  | anyOf (W64# (indexWord64OffAddr# at 0#)) == 0 = plainEnd (plusAddr# at 8#)
  | otherwise = within 0#
 where
  within 8# = plainEnd (plusAddr# at 8#)
  within n = case byteAt at n of
    byte
      | byte == 0x22 || byte == 0x5C || byte < 0x20 -> plusAddr# at n
      | otherwise -> within (n +# 1#)

-- | Not 0 where one of eight bytes may be a quote, a backslash or a control character (the well-known test for a byte of zero).
anyOf :: Word64 -> Word64
anyOf word = (zero (word `xor` 0x2222222222222222) .|. zero (word `xor` 0x5C5C5C5C5C5C5C5C) .|. below word) .&. 0x8080808080808080
 where
  zero w = (w - 0x0101010101010101) .&. complement w
  below w = (w - 0x2020202020202020) .&. complement w
{-# INLINE anyOf #-}

-- | The bytes between two addresses, which are UTF-8.
textBetween :: Addr# -> Addr# -> State# RealWorld -> (# State# RealWorld, Text #)
textBetween begin end s = case minusAddr# end begin of
  0# -> (# s, Text.empty #)
  size -> case newByteArray# size s of
    (# s1, array #) -> case copyAddrToByteArray# begin array 0# size s1 of
      s2 -> case unsafeFreezeByteArray# array s2 of
        (# s3, frozen #) -> (# s3, Text (ByteArray frozen) 0 (I# size) #)
{-# INLINE textBetween #-}

-- | Piece by piece from `begin`; the first that ends a plain stretch is at `end`.
unescape :: Addr# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, Text #)
unescape begin0 end0 = go [] begin0 end0
 where
  go pieces begin end s = case textBetween begin end s of
    (# s1, piece #) -> case byteAt end 0# of
      0x22 -> case Text.concat (reverse (piece : pieces)) of
        !whole -> (# s1, plusAddr# end 1#, whole #)
      0x5C -> escapes (piece : pieces) end [] s1
      _ -> misfit "a control character in a text" end s1
  -- Escapes that follow each other are one piece: a text may be nothing but escapes.
  escapes pieces at chars s = case byteAt at 0# of
    0x5C -> case escapedAt at of
      (# 0#, _ #) -> misfit "no escape, or half a pair of surrogates" at s
      (# size, char #) -> escapes pieces (plusAddr# at size) (char : chars) s
    _ -> case Text.pack (reverse chars) of
      !piece -> go (piece : pieces) at (plainEnd at) s
