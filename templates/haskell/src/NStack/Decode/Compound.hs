{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Values that are made of others: lists, maps, optionals; and the plainest ones.
module NStack.Decode.Compound
  ( bool
  , unit
  , optional
  , list
  , mapOf
  , pairs
  , openList
  , comma
  , closeList
  ) where

import Data.Map.Strict (Map)
import qualified Data.Map.Strict as Map
import Data.Text (Text)
import qualified Data.Text as Text
import GHC.Exts
import GHC.IO (IO (..))

import NStack.Decode.Decoder
import NStack.Decode.Skip (skipValue)
import NStack.Decode.Text

bool :: Decoder Bool
bool = Decoder go
 where
  go :: Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, Bool #)
  go depth at s = case byteAt at 0# of
    0x74 | byteAt at 1# == 0x72, byteAt at 2# == 0x75, byteAt at 3# == 0x65 -> (# s, plusAddr# at 4#, True #)
    0x66 | byteAt at 1# == 0x61, byteAt at 2# == 0x6C, byteAt at 3# == 0x73, byteAt at 4# == 0x65 -> (# s, plusAddr# at 5#, False #)
    byte
      | isSpace byte -> go depth (plusAddr# at 1#) s
      | otherwise -> expected "Boolean" at s

unit :: Decoder ()
unit = Decoder $ \_ at0 s -> case skipSpace at0 of
  at
    | isNull at -> (# s, plusAddr# at 4#, () #)
    | otherwise -> expected "null" at s

isNull :: Addr# -> Bool
isNull at = byteAt at 0# == 0x6E && byteAt at 1# == 0x75 && byteAt at 2# == 0x6C && byteAt at 3# == 0x6C
{-# INLINE isNull #-}

optional :: Decoder a -> Decoder (Maybe a)
optional (Decoder run) = Decoder $ \depth at0 s -> case skipSpace at0 of
  at
    | isNull at -> (# s, plusAddr# at 4#, Nothing #)
    | otherwise -> case run depth at s of (# s1, next, found #) -> (# s1, next, Just found #)
{-# INLINE optional #-}

-- | Into the brackets of a list.
openList :: Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Int#, Addr# #)
openList depth at0 s = case skipSpace at0 of
  at
    | byteAt at 0# == 0x5B -> case deeper depth at s of (# s1, below #) -> (# s1, below, skipSpace (plusAddr# at 1#) #)
    | otherwise -> case wrong at s of (# s1, _, none #) -> none `seq` (# s1, 0#, at #)
 where
  wrong :: Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, () #)
  wrong = expected "a list"

-- | Over the comma between the parts of a tuple of that size.
comma :: Int -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
comma = delimiter 0x2C

-- | Out of a tuple of that size.
closeList :: Int -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
closeList = delimiter 0x5D

delimiter :: Int -> Int -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
delimiter wanted size at0 s = case skipSpace at0 of
  at
    | fromIntegral (byteAt at 0#) == wanted -> (# s, plusAddr# at 1# #)
    | otherwise -> case wrong at s of (# s1, _, none #) -> none `seq` (# s1, at #)
 where
  wrong :: Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, () #)
  wrong = misfit (Text.pack ("expected a list of " ++ show size ++ ", found one of another length"))

list :: Decoder a -> Decoder [a]
list (Decoder run) = Decoder $ \depth at s -> case openList depth at s of
  (# s1, below, inside #)
    | byteAt inside 0# == 0x5D -> (# s1, plusAddr# inside 1#, [] #)
    | otherwise -> items below [] inside s1
 where
  -- Gathered backwards: a list may be longer than the stack is deep.
  items depth found at s = case run depth at s of
    (# s1, after, item #) -> case skipSpace after of
      next -> case byteAt next 0# of
        0x2C -> items depth (item : found) (plusAddr# next 1#) s1
        0x5D -> case reverse (item : found) of !whole -> (# s1, plusAddr# next 1#, whole #)
        _ -> misfit "no end of a list" next s1

-- | The members of an object in their order, doubles and all.
pairs :: Decoder a -> Decoder [(Text, a)]
pairs (Decoder run) = Decoder go
 where
  go depth at0 s = case skipSpace at0 of
    at
      | byteAt at 0# /= 0x7B -> expected "an object" at s
      | otherwise -> case deeper depth at s of
          (# s1, below #) -> case skipSpace (plusAddr# at 1#) of
            inside
              | byteAt inside 0# == 0x7D -> (# s1, plusAddr# inside 1#, [] #)
              | otherwise -> members below [] inside s1
  members depth found at s = case text of
    Decoder name -> case name depth at s of
      (# s1, named, key #) -> case skipSpace named of
        colon
          | byteAt colon 0# /= 0x3A -> misfit "no colon after a name" colon s1
          | otherwise -> case run depth (plusAddr# colon 1#) s1 of
              (# s2, after, value #) -> case skipSpace after of
                next -> case byteAt next 0# of
                  0x2C -> members depth ((key, value) : found) (plusAddr# next 1#) s2
                  0x7D -> case reverse ((key, value) : found) of !whole -> (# s2, plusAddr# next 1#, whole #)
                  _ -> misfit "no end of an object" next s2

-- | Of a key that comes twice the last one counts.
mapOf :: Decoder a -> Decoder (Map Text a)
mapOf item = Decoder $ \depth at s -> case (if isCareful depth then lastOnes item else Map.fromList <$> pairs item) of
  Decoder run -> run depth at s

-- | Reads the last value of each key alone.
lastOnes :: Decoder a -> Decoder (Map Text a)
lastOnes (Decoder run) = Decoder $ \depth at s -> case pairs place of
  Decoder scan -> case scan depth at s of
    (# s1, next, found #) -> case traverse (valueBelow depth) (Map.fromList found) of
      IO values -> case values s1 of (# s2, whole #) -> (# s2, next, whole #)
 where
  place = Decoder $ \depth at s -> case skipValue depth at s of (# s1, end #) -> (# s1, end, Ptr at #)
  valueBelow depth (Ptr at) = IO $ \s -> case run (depth -# 1#) at s of (# s1, _, value #) -> (# s1, value #)
