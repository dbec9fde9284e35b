{-# LANGUAGE MagicHash #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Where an address is in a value, as a path: `$.legs[2].delay`.
module NStack.Decode.Path (pathTo) where

import Data.Text (Text)
import qualified Data.Text as Text
import Data.Word (Word8)
import GHC.Exts
import GHC.IO (IO (..))

import NStack.Decode.Decoder
import NStack.Decode.Skip
import NStack.Decode.Text

-- | The path of the innermost value that holds an address. The value is well-formed.
pathTo :: Ptr Word8 -> Ptr Word8 -> IO Text
pathTo (Ptr target) (Ptr value) = IO (go (Text.pack "$") value)
 where
  go path at0 s = case skipSpace at0 of
    at
      | isTrue# (geAddr# at target) -> (# s, path #)
      | byteAt at 0# == 0x7B -> members path (plusAddr# at 1#) s
      | byteAt at 0# == 0x5B -> items path 0 (plusAddr# at 1#) s
      | otherwise -> (# s, path #)
  items :: Text -> Int -> Addr# -> State# RealWorld -> (# State# RealWorld, Text #)
  items path n at s
    | byteAt (skipSpace at) 0# == 0x5D = (# s, path #)
    | otherwise = case skipValue deepest at s of
        (# s1, end #)
          | isTrue# (ltAddr# target end) -> go (Text.concat [path, Text.pack ('[' : show n ++ "]")]) at s1
          | isTrue# (leAddr# target (skipSpace end)) || byteAt (skipSpace end) 0# /= 0x2C -> (# s1, path #)
          | otherwise -> items path (n + 1) (plusAddr# (skipSpace end) 1#) s1
  members path at0 s = case skipSpace at0 of
    at
      | byteAt at 0# /= 0x22 -> (# s, path #)
      | otherwise -> case text of
          Decoder name -> case name 0# at s of
            (# s1, named, key #) -> case plusAddr# (skipSpace named) 1# of
              inside -> case skipValue deepest inside s1 of
                (# s2, end #)
                  | isTrue# (ltAddr# target inside) -> (# s2, path #)
                  | isTrue# (ltAddr# target end) -> go (Text.concat [path, Text.pack ".", key]) inside s2
                  | isTrue# (leAddr# target (skipSpace end)) || byteAt (skipSpace end) 0# /= 0x2C -> (# s2, path #)
                  | otherwise -> members path (plusAddr# (skipSpace end) 1#) s2
  !(I# deepest) = maxBound
