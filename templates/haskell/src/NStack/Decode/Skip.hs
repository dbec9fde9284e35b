{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Steps over JSON of any kind, and finds out whether it is JSON.
module NStack.Decode.Skip
  ( skipValue
  , skipString
  , skipNumber
  , escapedAt
  , Malformed (..)
  , malformed
  ) where

import Control.Exception (Exception, toException)
import Data.Bits (shiftL, (.&.), (.|.))
import Data.Text (Text)
import Data.Word (Word8)
import GHC.Exts

import NStack.Decode.Decoder

-- | The bytes at an address are no JSON.
data Malformed = Malformed !(Ptr Word8) Text
  deriving (Show)

instance Exception Malformed

malformed :: Text -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
malformed reason at s = case raiseIO# (toException (Malformed (Ptr at) reason)) s of (# s1, () #) -> (# s1, at #)
{-# NOINLINE malformed #-}

-- | The address behind the value at one, white space before it included. Throws 'Malformed' where there is none, 'Misfit' where it
-- nests deeper than the given depth.
skipValue :: Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
skipValue depth at0 s0 = case byteAt at 0# of
  0x22 -> skipString (plusAddr# at 1#) s0
  0x7B -> case deeper depth at s0 of
    (# s1, below #) -> case skipSpace (plusAddr# at 1#) of
      inside
        | byteAt inside 0# == 0x7D -> (# s1, plusAddr# inside 1# #)
        | otherwise -> skipMembers below inside s1
  0x5B -> case deeper depth at s0 of
    (# s1, below #) -> case skipSpace (plusAddr# at 1#) of
      inside
        | byteAt inside 0# == 0x5D -> (# s1, plusAddr# inside 1# #)
        | otherwise -> skipItems below inside s1
  0x74 | byteAt at 1# == 0x72, byteAt at 2# == 0x75, byteAt at 3# == 0x65 -> (# s0, plusAddr# at 4# #)
  0x66 | byteAt at 1# == 0x61, byteAt at 2# == 0x6C, byteAt at 3# == 0x73, byteAt at 4# == 0x65 -> (# s0, plusAddr# at 5# #)
  0x6E | byteAt at 1# == 0x75, byteAt at 2# == 0x6C, byteAt at 3# == 0x6C -> (# s0, plusAddr# at 4# #)
  byte
    | byte == 0x2D || isDigit byte -> skipNumber at s0
    | otherwise -> malformed "no value" at s0
 where
  at = skipSpace at0

skipMembers :: Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
skipMembers depth at s0
  | byteAt at 0# /= 0x22 = malformed "no name of a member" at s0
  | otherwise = case skipString (plusAddr# at 1#) s0 of
      (# s1, named #) -> case skipSpace named of
        colon
          | byteAt colon 0# /= 0x3A -> malformed "no colon after a name" colon s1
          | otherwise -> case skipValue depth (plusAddr# colon 1#) s1 of
              (# s2, valued #) -> case skipSpace valued of
                next -> case byteAt next 0# of
                  0x2C -> skipMembers depth (skipSpace (plusAddr# next 1#)) s2
                  0x7D -> (# s2, plusAddr# next 1# #)
                  _ -> malformed "no end of an object" next s2

skipItems :: Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
skipItems depth at s0 = case skipValue depth at s0 of
  (# s1, valued #) -> case skipSpace valued of
    next -> case byteAt next 0# of
      0x2C -> skipItems depth (plusAddr# next 1#) s1
      0x5D -> (# s1, plusAddr# next 1# #)
      _ -> malformed "no end of a list" next s1

-- | From behind the opening quote to behind the closing one.
skipString :: Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
skipString at s = case byteAt at 0# of
  0x22 -> (# s, plusAddr# at 1# #)
  0x5C -> case escapedAt at of
    (# 0#, _ #) -> malformed "no escape, or half a pair of surrogates" at s
    (# size, _ #) -> skipString (plusAddr# at size) s
  byte
    | byte < 0x20 -> malformed "a control character in a text" at s
    | otherwise -> skipString (plusAddr# at 1#) s

-- | How many bytes the escape at a backslash has, a pair of surrogates as one; 0 where it is none. And its character.
escapedAt :: Addr# -> (# Int#, Char #)
escapedAt at = case byteAt at 1# of
  0x22 -> (# 2#, '"' #)
  0x5C -> (# 2#, '\\' #)
  0x2F -> (# 2#, '/' #)
  0x62 -> (# 2#, '\b' #)
  0x66 -> (# 2#, '\f' #)
  0x6E -> (# 2#, '\n' #)
  0x72 -> (# 2#, '\r' #)
  0x74 -> (# 2#, '\t' #)
  0x75 -> case hexAt at 2# of
    unit
      | unit < 0 -> (# 0#, '\0' #)
      | unit < 0xD800 || unit > 0xDFFF -> (# 6#, toEnum unit #)
      | unit < 0xDC00, byteAt at 6# == 0x5C, byteAt at 7# == 0x75 -> case hexAt at 8# of
          low
            | low >= 0xDC00 && low <= 0xDFFF -> (# 12#, toEnum (0x10000 + (((unit .&. 0x3FF) `shiftL` 10) .|. (low .&. 0x3FF))) #)
          _ -> (# 0#, '\0' #)
      | otherwise -> (# 0#, '\0' #)
  _ -> (# 0#, '\0' #)

-- | Four hexadecimal digits, or -1. A line feed is no digit, so that nothing behind the frame is read.
hexAt :: Addr# -> Int# -> Int
hexAt at offset = go 0# 0
 where
  go 4# value = value
  go n value = case digit (byteAt at (offset +# n)) of
    d
      | d < 0 -> -1
      | otherwise -> go (n +# 1#) (value * 16 + d)
  digit :: Word8 -> Int
  digit byte
    | isDigit byte = fromIntegral byte - 0x30
    | byte >= 0x61 && byte <= 0x66 = fromIntegral byte - 0x57
    | byte >= 0x41 && byte <= 0x46 = fromIntegral byte - 0x37
    | otherwise = -1

-- | From the first byte of a number to behind it.
skipNumber :: Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
skipNumber at0 s = case whole (if byteAt at0 0# == 0x2D then plusAddr# at0 1# else at0) of
  at
    | isTrue# (eqAddr# at nullAddr#) -> malformed "no number" at0 s
    | otherwise -> case fraction at of
        at1
          | isTrue# (eqAddr# at1 nullAddr#) -> malformed "no fraction of a number" at0 s
          | otherwise -> case exponentOf at1 of
              at2
                | isTrue# (eqAddr# at2 nullAddr#) -> malformed "no exponent of a number" at0 s
                | otherwise -> (# s, at2 #)
 where
  whole at
    | byteAt at 0# == 0x30 = plusAddr# at 1#
    | otherwise = digits at
  fraction at
    | byteAt at 0# == 0x2E = digits (plusAddr# at 1#)
    | otherwise = at
  exponentOf at
    | byteAt at 0# .|. 0x20 == 0x65 =
        if byteAt at 1# == 0x2B || byteAt at 1# == 0x2D then digits (plusAddr# at 2#) else digits (plusAddr# at 1#)
    | otherwise = at
  digits at
    | isDigit (byteAt at 0#) = more (plusAddr# at 1#)
    | otherwise = nullAddr#
  more at
    | isDigit (byteAt at 0#) = more (plusAddr# at 1#)
    | otherwise = at

isDigit :: Word8 -> Bool
isDigit byte = byte >= 0x30 && byte <= 0x39
{-# INLINE isDigit #-}
