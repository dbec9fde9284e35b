{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Encoders of lists, maps and optionals.
module NStack.Encode.Compound
  ( optional
  , list
  , mapOf
  , pairs
  , byte
  ) where

import Data.Map.Strict (Map)
import qualified Data.Map.Strict as Map
import Data.Text (Text)
import GHC.Exts

import NStack.Encode.Encoder
import NStack.Encode.Scalar

optional :: Encoder a -> Encoder (Maybe a)
optional (Encoder item) = Encoder $ \value -> case value of
  Nothing -> case unit of Encoder none -> none ()
  Just found -> item found
{-# INLINE optional #-}

-- | One byte, with room for it.
byte :: Word -> Sink -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
byte code sink at s = case ensure sink 1# at s of (# s1, to #) -> putByte to code s1
{-# INLINE byte #-}

list :: Encoder a -> Encoder [a]
list (Encoder item) = Encoder start
 where
  start [] sink at s = case byte 0x5B sink at s of (# s1, next #) -> byte 0x5D sink next s1
  start (first : rest) sink at s = case byte 0x5B sink at s of
    (# s1, next #) -> case item first sink next s1 of (# s2, after #) -> more rest sink after s2
  more [] sink at s = byte 0x5D sink at s
  more (next : rest) sink at s = case byte 0x2C sink at s of
    (# s1, to #) -> case item next sink to s1 of (# s2, after #) -> more rest sink after s2

pairs :: Encoder a -> Encoder [(Text, a)]
pairs (Encoder item) = Encoder start
 where
  start [] sink at s = case byte 0x7B sink at s of (# s1, next #) -> byte 0x7D sink next s1
  start (first : rest) sink at s = case byte 0x7B sink at s of
    (# s1, next #) -> case member first sink next s1 of (# s2, after #) -> more rest sink after s2
  more [] sink at s = byte 0x7D sink at s
  more (next : rest) sink at s = case byte 0x2C sink at s of
    (# s1, to #) -> case member next sink to s1 of (# s2, after #) -> more rest sink after s2
  member (key, value) sink at s = case text of
    Encoder name -> case name key sink at s of
      (# s1, colon #) -> case byte 0x3A sink colon s1 of (# s2, next #) -> item value sink next s2

mapOf :: Encoder a -> Encoder (Map Text a)
mapOf item = contramap Map.toList (pairs item)
{-# INLINE mapOf #-}
