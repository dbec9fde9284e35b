{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Encoders of what is not made of others.
module NStack.Encode.Scalar
  ( integer
  , int
  , integral
  , natural
  , double
  , float
  , bool
  , unit
  , text
  , lazyText
  , string
  , bytes
  , lazyBytes
  ) where

import Data.Bits (complement, shiftL, shiftR, xor, (.&.), (.|.))
import qualified Data.ByteString as B
import qualified Data.ByteString.Builder as B
import qualified Data.ByteString.Lazy as L
import qualified Data.ByteString.Unsafe as B
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Text.Array (Array (ByteArray))
import Data.Text.Internal (Text (Text))
import qualified Data.Text.Lazy as Lazy
import Data.Word (Word64, Word8)
import GHC.Exts
import GHC.IO (IO (..))
import GHC.Num.Integer (Integer (..))
import GHC.Word (Word64 (..), Word8 (..))
import Numeric.Natural (Natural)

import NStack.Encode.Encoder

int :: Encoder Int
int = Encoder $ \(I# value) sink at s -> case ensure sink 21# at s of
  (# s1, to #)
    | isTrue# (value <# 0#) -> case putByte to 0x2D s1 of
        -- The smallest Int has no positive one, and is its own word.
        (# s2, next #) -> decimal (W# (int2Word# (negateInt# value))) next s2
    | otherwise -> decimal (W# (int2Word# value)) to s1

-- | The digits of a word.
decimal :: Word -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
decimal value at s = fill value (plusAddr# at (size -# 1#)) s
 where
  !(I# size) = digitCount value
  fill v to s0
    | v < 10 = case putByte to (0x30 + v) s0 of (# s1, _ #) -> (# s1, plusAddr# at size #)
    | otherwise = case v `quotRem` 10 of
        (rest, digit) -> case putByte to (0x30 + digit) s0 of (# s1, _ #) -> fill rest (plusAddr# to -1#) s1

digitCount :: Word -> Int
digitCount = go 1
 where
  go n v
    | v < 10 = n
    | v < 100 = n + 1
    | v < 1000 = n + 2
    | v < 10000 = n + 3
    | otherwise = go (n + 4) (v `quot` 10000)

integral :: (Integral a) => Encoder a
integral = Encoder $ \value -> case integer of Encoder run -> run (toInteger value)
{-# INLINE integral #-}

natural :: Encoder Natural
natural = contramap toInteger integer

integer :: Encoder Integer
integer = Encoder $ \value sink at s -> case value of
  IS small -> case int of Encoder run -> run (I# small) sink at s
  _
    | abs value >= limit -> hidden "an Integer has up to 1,000 digits" s
    | otherwise -> case writeBytes (L.toStrict (B.toLazyByteString (B.integerDec value))) sink (Ptr at) of
        IO run -> case run s of (# s1, Ptr end #) -> (# s1, end #)

limit :: Integer
limit = 10 ^ (1000 :: Int)
{-# NOINLINE limit #-}

-- | The shortest decimal that is read as the same double. Most doubles of a stream are decimals of a few places, which are found
-- by trying; the others are Ryu's (bytestring).
double :: Encoder Double
double = Encoder $ \value sink at s -> case ensure sink 32# at s of
  (# s1, to #) -> places value sink to s1

places :: Double -> Sink -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
places value sink at s
  | not (size < 1e9) || (size < 1e-3 && value /= 0) = others value sink at s
  | isNegativeZero value || value < 0 = case putByte at 0x2D s of (# s1, to #) -> try 10 1 to s1
  | otherwise = try 10 1 at s
 where
  size = abs value
  try :: Double -> Int -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
  try scale n to s0
    | fromIntegral scaled / scale == size = put n scaled to s0
    | n < 6 = try (scale * 10) (n + 1) to s0
    | otherwise = others value sink at s0
   where
    scaled = truncate (size * scale + 0.5) :: Int
  put :: Int -> Int -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
  put n scaled to s0 = case scaled `quotRem` (10 ^ n) of
    (whole, part) -> case decimal (fromIntegral whole) to s0 of
      (# s1, dot #) -> case putByte dot 0x2E s1 of
        (# s2, next #) -> fraction n (fromIntegral part) next s2
  fraction :: Int -> Word -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
  fraction n@(I# n#) part to s0 = fill (n - 1) part s0
   where
    fill k@(I# k#) v s1 = case putByte (plusAddr# to k#) (0x30 + v `rem` 10) s1 of
      (# s2, _ #)
        | k == 0 -> (# s2, plusAddr# to n# #)
        | otherwise -> fill (k - 1) (v `quot` 10) s2

others :: Double -> Sink -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
others value sink at s
  | isNaN value || isInfinite value = hidden (Text.pack (show value ++ " has no JSON")) s
  | otherwise = case writeBytes (L.toStrict (B.toLazyByteString (B.doubleDec value))) sink (Ptr at) of
      IO run -> case run s of (# s1, Ptr end #) -> (# s1, end #)
{-# NOINLINE others #-}

float :: Encoder Float
float = Encoder $ \value sink at s ->
  if isNaN value || isInfinite value
    then hidden (Text.pack (show value ++ " has no JSON")) s
    else case writeBytes (L.toStrict (B.toLazyByteString (B.floatDec value))) sink (Ptr at) of
      IO run -> case run s of (# s1, Ptr end #) -> (# s1, end #)

bool :: Encoder Bool
bool = Encoder $ \value sink at s -> case ensure sink 5# at s of
  (# s1, to #)
    | value -> case writeWord32OffAddr# to 0# (wordToWord32# 0x65757274##) s1 of s2 -> (# s2, plusAddr# to 4# #)
    | otherwise -> case writeWord64OffAddr# to 0# (wordToWord64# 0x65736C6166##) s1 of s2 -> (# s2, plusAddr# to 5# #)

unit :: Encoder ()
unit = Encoder $ \value sink at s -> case value of
  () -> case ensure sink 4# at s of
    (# s1, to #) -> case writeWord32OffAddr# to 0# (wordToWord32# 0x6C6C756E##) s1 of s2 -> (# s2, plusAddr# to 4# #)

-- | Copied eight bytes at a time up to the first that is escaped.
text :: Encoder Text
text = Encoder $ \(Text (ByteArray array) (I# offset) (I# size)) sink at s -> case ensure sink (size +# 2#) at s of
  (# s1, to #) -> case putByte to 0x22 s1 of
    (# s2, next #) -> plain array offset (offset +# size) sink next s2

plain :: ByteArray# -> Int# -> Int# -> Sink -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
plain array from end sink at s
  | isTrue# ((from +# 8#) <=# end) = case indexWord8ArrayAsWord64# array from of
      word
        | anyOf (W64# word) == 0 -> case writeWord64OffAddr# at 0# word s of
            s1 -> plain array (from +# 8#) end sink (plusAddr# at 8#) s1
        | otherwise -> careful array from (from +# 8#) end sink at s
  | otherwise = careful array from end end sink at s

-- | Byte by byte up to `until_`, then on as before. There is room for what is left as it is; an escape asks for more.
careful :: ByteArray# -> Int# -> Int# -> Int# -> Sink -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
careful array from until_ end sink at s
  | isTrue# (from ==# end) = putByte at 0x22 s
  | isTrue# (from ==# until_) = plain array from end sink at s
  | otherwise = case W8# (indexWord8Array# array from) of
      byte
        | byte >= 0x20 && byte /= 0x22 && byte /= 0x5C -> case putByte at (fromIntegral byte) s of
            (# s1, next #) -> careful array (from +# 1#) until_ end sink next s1
        | otherwise -> case ensure sink ((end -# from) +# 8#) at s of
            (# s1, to #) -> case escape byte to s1 of
              (# s2, next #) -> careful array (from +# 1#) until_ end sink next s2

escape :: Word8 -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
escape byte at s = case putByte at 0x5C s of
  (# s1, next #) -> case byte of
    0x22 -> putByte next 0x22 s1
    0x5C -> putByte next 0x5C s1
    0x08 -> putByte next 0x62 s1
    0x0C -> putByte next 0x66 s1
    0x0A -> putByte next 0x6E s1
    0x0D -> putByte next 0x72 s1
    0x09 -> putByte next 0x74 s1
    _ -> case putByte next 0x75 s1 of
      (# s2, a #) -> case putByte a 0x30 s2 of
        (# s3, b #) -> case putByte b 0x30 s3 of
          (# s4, c #) -> case putByte c (hex (byte `shiftR` 4)) s4 of
            (# s5, d #) -> putByte d (hex (byte .&. 15)) s5
 where
  hex n = fromIntegral (if n < 10 then 0x30 + n else 0x57 + n)

-- | See "NStack.Decode.Text".
anyOf :: Word64 -> Word64
anyOf word = (zero (word `xor` 0x2222222222222222) .|. zero (word `xor` 0x5C5C5C5C5C5C5C5C) .|. below word) .&. 0x8080808080808080
 where
  zero w = (w - 0x0101010101010101) .&. complement w
  below w = (w - 0x2020202020202020) .&. complement w
{-# INLINE anyOf #-}

lazyText :: Encoder Lazy.Text
lazyText = contramap Lazy.toStrict text

-- | A String may hold what no Text does.
string :: Encoder String
string = Encoder $ \value sink at s ->
  if any (\char -> char >= '\xD800' && char <= '\xDFFF') value
    then hidden "half a pair of surrogates has no JSON" s
    else case text of Encoder run -> run (Text.pack value) sink at s

lazyBytes :: Encoder L.ByteString
lazyBytes = contramap L.toStrict bytes

-- | Base64 with padding.
bytes :: Encoder B.ByteString
bytes = Encoder $ \value sink at s -> case ensure sink (unInt ((B.length value + 2) `quot` 3 * 4 + 2)) at s of
  (# s1, to #) -> case putByte to 0x22 s1 of
    (# s2, next #) -> groups value 0 next s2
 where
  unInt (I# n) = n

groups :: B.ByteString -> Int -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
groups value from at s
  | left <= 0 = putByte at 0x22 s
  | otherwise = case digit (word `shiftR` 18) at s of
      (# s1, a #) -> case digit (word `shiftR` 12) a s1 of
        (# s2, b #) -> case if left > 1 then digit (word `shiftR` 6) b s2 else putByte b 0x3D s2 of
          (# s3, c #) -> case if left > 2 then digit word c s3 else putByte c 0x3D s3 of
            (# s4, d #) -> groups value (from + 3) d s4
 where
  left = B.length value - from
  byte n = if n < left then fromIntegral (B.unsafeIndex value (from + n)) else 0 :: Word
  word = (byte 0 `shiftL` 16) .|. (byte 1 `shiftL` 8) .|. byte 2
  digit n to s0 = putByte to (fromIntegral (B.unsafeIndex alphabet (fromIntegral (n .&. 63)))) s0

alphabet :: B.ByteString
alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
{-# NOINLINE alphabet #-}
