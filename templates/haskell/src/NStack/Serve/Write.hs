{-# LANGUAGE MagicHash #-}
{-# LANGUAGE TemplateHaskell #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Generates code that compares and writes bytes which are known beforehand, eight at a time.
module NStack.Serve.Write
  ( Piece (..)
  , writeAll
  , matching
  , keyList
  , intHash
  , quotedName
  , utf8
  ) where

import Data.Bits (shiftL, (.|.))
import qualified Data.ByteString as B
import qualified Data.ByteString.Char8 as C
import qualified Data.Text as Text
import Data.Text.Encoding (encodeUtf8)
import Data.Word (Word8)
import GHC.Exts
import Language.Haskell.TH

import NStack.Decode.Decoder (wordAt)
import NStack.Decode.Record (Key (..), Keys)
import NStack.Encode.Encoder

-- | Whether some bytes are at an address, eight at a time.
matching :: B.ByteString -> Q Exp
matching label = [|\at -> $(conjunction [|at|] (chunks label))|]
 where
  conjunction at [only] = same at only
  conjunction at (first : rest) = [|case $(same at first) of 0# -> 0#; _ -> $(conjunction at rest)|]
  conjunction _ [] = [|1#|]
  same at (offset, bytes)
    | B.length bytes == 8 = [|eqWord# (wordAt $at $(intHash offset)) $(wordHash (word bytes))|]
    | otherwise = [|eqWord# (and# (wordAt $at $(intHash offset)) $(wordHash (word (B.map (const 0xFF) bytes)))) $(wordHash (word bytes))|]

wordHash :: Integer -> Q Exp
wordHash = litE . wordPrimL

-- | The bytes as the processor reads them: the first is the lowest.
word :: B.ByteString -> Integer
word = B.foldr (\byte rest -> (rest `shiftL` 8) .|. toInteger (byte :: Word8)) 0

chunks :: B.ByteString -> [(Integer, B.ByteString)]
chunks = go 0
 where
  go offset bytes
    | B.null bytes = []
    | otherwise = (offset, B.take 8 bytes) : go (offset + 8) (B.drop 8 bytes)

-- | What an encoder writes: bytes, or a value by an encoder.
data Piece = Literal B.ByteString | Value Exp (Q Exp)

writeAll :: [Piece] -> Q Exp -> Q Exp -> Q Exp -> Q Exp
writeAll [] _ at s = [|(# $s, $at #)|]
writeAll (Literal bytes : rest) sink at s =
  [|
    case ensure $sink $(intHash size) $at $s of
      (# s1, to #) -> $(stores (chunks bytes) [|to|] [|s1|])
    |]
 where
  size = fromIntegral (B.length bytes)
  -- The last store may write more bytes than there are: what comes next is written over them.
  stores [] to s1 = writeAll rest sink [|plusAddr# $to $(intHash size)|] s1
  stores ((offset, part) : more) to s1 =
    [|case putWord $to $(intHash offset) $(wordHash (word part)) $s1 of s2 -> $(stores more to [|s2|])|]
writeAll (Value encoder value : rest) sink at s =
  [|
    case $(pure encoder) of
      Encoder run -> case run $value $sink $at $s of
        (# s1, next #) -> $(writeAll rest sink [|next|] [|s1|])
    |]

keyList :: [B.ByteString] -> Q Exp
keyList names = sigE (listE [[|Key $(litE (stringPrimL (B.unpack name))) $(intHash (fromIntegral (B.length name)))|] | name <- names]) [t|Keys|]

intHash :: Integer -> Q Exp
intHash = litE . intPrimL

utf8 :: String -> B.ByteString
utf8 = encodeUtf8 . Text.pack

quotedName :: B.ByteString -> B.ByteString
quotedName name = B.concat [C.pack "\"", name, C.pack "\":"]
