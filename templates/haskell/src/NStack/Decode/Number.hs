{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Numbers: exact, or refused.
module NStack.Decode.Number
  ( integer
  , int
  , bounded
  , natural
  , double
  , float
  , number
  , Number (..)
  , digitLimit
  ) where

import Data.Int (Int64)
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Word (Word8)
import GHC.Exts
import GHC.Float (double2Float)
import GHC.IO (IO (..))
import Numeric.Natural (Natural)

import NStack.Decode.Decoder
import NStack.Decode.Skip (skipNumber)

-- | Digits that an Integer may have.
digitLimit :: Int
digitLimit = 1000

-- | An Int, which is what nearly every Integer of a stream is. Eighteen digits always fit, so that nothing is checked on the way.
int :: Decoder Int
int = bounded "Int"
{-# INLINE int #-}

-- | An integral type of limited range, by its name.
bounded :: forall a. (Integral a, Bounded a) => Text -> Decoder a
bounded name = Decoder $ \_ at s -> case smallInteger at s of
  (# s1, next, small, 1# #)
    | toInteger (I# small) >= lowest, toInteger (I# small) <= highest -> (# s1, next, fromIntegral (I# small) #)
    | otherwise -> outside at s1
  (# s1, next, _, _ #) -> case bigInteger at next s1 of
    (# s2, _, value #)
      | value >= lowest, value <= highest -> (# s2, next, fromInteger value #)
      | otherwise -> outside at s2
 where
  lowest = toInteger (minBound :: a)
  highest = toInteger (maxBound :: a)
  outside at = misfit (Text.concat ["expected Integer, found one that does not fit ", name]) (skipSpace at)
{-# INLINE bounded #-}
{-# SPECIALISE bounded :: Text -> Decoder Int #-}
{-# SPECIALISE bounded :: Text -> Decoder Int64 #-}

integer :: Decoder Integer
integer = Decoder $ \_ at s -> case smallInteger at s of
  (# s1, next, small, 1# #) -> (# s1, next, toInteger (I# small) #)
  (# s1, next, _, _ #) -> bigInteger at next s1

natural :: Decoder Natural
natural = Decoder $ \depth at s -> case integer of
  Decoder run -> case run depth at s of
    (# s1, next, value #)
      | value < 0 -> misfit "expected Integer, found one that does not fit Natural" (skipSpace at) s1
      | otherwise -> (# s1, next, fromInteger value #)

-- | An integer of up to 18 digits; or the address behind a longer one and 0.
smallInteger :: Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, Int#, Int# #)
smallInteger at s = case byteAt at 0# of
  0x2D -> case digits (plusAddr# at 1#) 0# of
    (# end, value #) -> finish (plusAddr# at 1#) end (negateInt# value) s
  byte
    | isSpace byte -> smallInteger (plusAddr# at 1#) s
    | otherwise -> case digits at 0# of
        (# end, value #) -> finish at end value s
 where
  finish begin end value s0
    | isTrue# (size ==# 0#) || (byteAt begin 0# == 0x30 && isTrue# (size ># 1#)) = failed begin s0
    | otherwise = case byteAt end 0# of
        0x2E -> failed begin s0
        0x45 -> failed begin s0
        0x65 -> failed begin s0
        _ -> (# s0, end, value, size <=# 18# #)
   where
    size = minusAddr# end begin
  failed begin s0 = case wrong begin s0 of (# s1, _, none #) -> none `seq` (# s1, at, 0#, 0# #)
  wrong :: Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, () #)
  wrong begin
    | foundAt begin == "a number" = misfit "expected Integer, found a number with a fraction or an exponent" begin
    | otherwise = expected "Integer" begin

-- | The end of digits and their value, which is of use where they are at most 18.
digits :: Addr# -> Int# -> (# Addr#, Int# #)
digits at value = case byteAt at 0# of
  byte
    | isDigit byte -> case word2Int# (word8ToWord# (indexWord8OffAddr# at 0#)) of
        code -> digits (plusAddr# at 1#) ((value *# 10#) +# (code -# 0x30#))
    | otherwise -> (# at, value #)

-- | The integer between two addresses, white space before it.
bigInteger :: Addr# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, Integer #)
bigInteger at0 end s = case skipSpace at0 of
  at
    | count > digitLimit -> misfit (Text.pack ("an Integer has up to 1,000 digits, and this one has " ++ show count)) at s
    | otherwise -> case readInteger at end of !value -> (# s, end, value #)
   where
    count = I# (minusAddr# end at) - (if byteAt at 0# == 0x2D then 1 else 0)
{-# NOINLINE bigInteger #-}

readInteger :: Addr# -> Addr# -> Integer
readInteger at end
  | byteAt at 0# == 0x2D = negate (go (plusAddr# at 1#) 0)
  | otherwise = go at 0
 where
  -- Eighteen digits a step: up to 56 steps, which is quick enough for what is rare.
  go here value
    | isTrue# (ltAddr# here end) = case chunk here 0# 0# of
        (# next, size, part #) -> go next (value * 10 ^ I# size + toInteger (I# part))
    | otherwise = value
  chunk here size part
    | isTrue# (ltAddr# here end) && isTrue# (size <# 18#) =
        chunk (plusAddr# here 1#) (size +# 1#) ((part *# 10#) +# (word2Int# (word8ToWord# (indexWord8OffAddr# here 0#)) -# 0x30#))
    | otherwise = (# here, size, part #)

double :: Decoder Double
double = Decoder go
 where
  go :: Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, Double #)
  go depth at s = case byteAt at 0# of
    0x2D -> case finite (plusAddr# at 1#) at s of (# s1, next, value #) -> (# s1, next, D# value #)
    byte
      | isDigit byte -> case finite at at s of (# s1, next, value #) -> (# s1, next, D# value #)
      | isSpace byte -> go depth (plusAddr# at 1#) s
      | otherwise -> expected "Double" at s

float :: Decoder Float
float = Decoder $ \depth at s -> case double of
  Decoder run -> case run depth at s of
    (# s1, next, value #) -> case double2Float value of
      narrow
        | isInfinite narrow -> misfit "expected Double, found one that does not fit Float" at s1
        | otherwise -> (# s1, next, narrow #)

-- | The number whose digits begin at `begin`, and whose sign, if it has one, at `at`. Numbers of up to 15 digits with a power of
-- ten up to 22 are exact by one multiplication or division (Clinger, How to read floating point numbers accurately, 1990); the
-- others are the C library's, which rounds right.
finite :: Addr# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, Double# #)
finite begin at s0 = case digits begin 0# of
  (# end, whole #) -> case minusAddr# end begin of
    size
      | isTrue# (size ==# 0#) || (byteAt begin 0# == 0x30 && isTrue# (size ># 1#)) -> nothing s0
      | otherwise -> case byteAt end 0# of
          0x2E -> case digits (plusAddr# end 1#) whole of
            (# end1, all_ #) -> case minusAddr# end1 end -# 1# of
              places
                | isTrue# (places ==# 0#) -> nothing s0
                | byteAt end1 0# /= 0x65, byteAt end1 0# /= 0x45, isTrue# ((size +# places) <=# 15#) ->
                    (# s0, end1, signed (int2Double# all_ /## power places) #)
                | otherwise -> slow s0
          0x65 -> slow s0
          0x45 -> slow s0
          _
            | isTrue# (size <=# 15#) -> (# s0, end, signed (int2Double# whole) #)
            | otherwise -> slow s0
 where
  signed value
    | byteAt at 0# == 0x2D = negateDouble# value
    | otherwise = value
  power :: Int# -> Double#
  power places = indexDoubleOffAddr# (case powers of Ptr table -> table) places
  slow s = case exactly at s of (# s1, end, D# value #) -> (# s1, end, value #)
  nothing s = case failed s of (# s1, _, D# none #) -> (# s1, at, none #)
  failed :: State# RealWorld -> (# State# RealWorld, Addr#, Double #)
  failed = expected "Double" at

-- | 10^0 to 10^22, which are doubles exactly, as their bytes.
powers :: Ptr Double
powers =
  Ptr
    "\x00\x00\x00\x00\x00\x00\xf0\x3f\x00\x00\x00\x00\x00\x00\x24\x40\x00\x00\x00\x00\x00\x00\x59\x40\x00\x00\x00\x00\x00\x40\x8f\x40\
    \\x00\x00\x00\x00\x00\x88\xc3\x40\x00\x00\x00\x00\x00\x6a\xf8\x40\x00\x00\x00\x00\x80\x84\x2e\x41\x00\x00\x00\x00\xd0\x12\x63\x41\
    \\x00\x00\x00\x00\x84\xd7\x97\x41\x00\x00\x00\x00\x65\xcd\xcd\x41\x00\x00\x00\x20\x5f\xa0\x02\x42\x00\x00\x00\xe8\x76\x48\x37\x42\
    \\x00\x00\x00\xa2\x94\x1a\x6d\x42\x00\x00\x40\xe5\x9c\x30\xa2\x42\x00\x00\x90\x1e\xc4\xbc\xd6\x42\x00\x00\x34\x26\xf5\x6b\x0c\x43\
    \\x00\x80\xe0\x37\x79\xc3\x41\x43\x00\xa0\xd8\x85\x57\x34\x76\x43\x00\xc8\x4e\x67\x6d\xc1\xab\x43\x00\x3d\x91\x60\xe4\x58\xe1\x43\
    \\x40\x8c\xb5\x78\x1d\xaf\x15\x44\x50\xef\xe2\xd6\xe4\x1a\x4b\x44\x92\xd5\x4d\x06\xcf\xf0\x80\x44"#

-- | Any number, by the C library; refused where no double is near.
exactly :: Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, Double #)
exactly at s0 = case skipNumber at s0 of
  (# s1, end #) -> case strtod (Ptr at) nullPtr of
    IO run -> case run s1 of
      (# s2, value #)
        | isInfinite value -> misfit "expected Double, found a number beyond its range" at s2
        | otherwise -> (# s2, end, value #)
{-# NOINLINE exactly #-}

nullPtr :: Ptr a
nullPtr = Ptr nullAddr#

-- The line feed at a frame's end stops it.
foreign import ccall unsafe "stdlib.h strtod" strtod :: Ptr Word8 -> Ptr (Ptr Word8) -> IO Double

-- | A number of Json: whole where it is written so.
data Number = Whole !Integer | Fraction !Double

number :: Decoder Number
number = Decoder $ \depth at0 s0 -> case skipSpace at0 of
  at -> case skipNumber at s0 of
    (# s1, end #)
      | isWhole at end -> case integer of
          Decoder run -> case run depth at s1 of (# s2, next, value #) -> (# s2, next, Whole value #)
      | otherwise -> case double of
          Decoder run -> case run depth at s1 of (# s2, next, value #) -> (# s2, next, Fraction value #)
 where
  isWhole at end
    | isTrue# (eqAddr# at end) = True
    | isDigit (byteAt at 0#) || byteAt at 0# == 0x2D = isWhole (plusAddr# at 1#) end
    | otherwise = False

isDigit :: Word8 -> Bool
isDigit byte = byte >= 0x30 && byte <= 0x39
{-# INLINE isDigit #-}
