{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | aeson's Value, decoded and encoded by the table of values: no number is ever expanded, and none is beyond the range of a
-- double.
module NStack.Aeson
  ( decodeValue
  , encodeValue
  , toValue
  , fromValue
  ) where

import Data.Aeson (Value (..))
import qualified Data.Aeson.Key as Key
import qualified Data.Aeson.KeyMap as KeyMap
import qualified Data.ByteString.Char8 as C
import Data.Scientific (Scientific, base10Exponent, coefficient, scientific)
import qualified Data.Scientific as Scientific
import qualified Data.Vector as Vector
import GHC.Exts
import GHC.IO (IO (..), unsafeDupablePerformIO)

import NStack.Decode.Compound
import NStack.Decode.Decoder
import qualified NStack.Decode.Number as Decode
import NStack.Decode.Skip (skipNumber)
import qualified NStack.Decode.Text as Decode
import qualified NStack.Encode.Compound as Encode
import NStack.Encode.Encoder
import qualified NStack.Encode.Scalar as Encode
import NStack.Json (Json)
import qualified NStack.Json as Json

decodeValue :: Decoder Value
decodeValue = Decoder $ \depth at0 s -> case skipSpace at0 of
  at -> case choose (byteAt at 0#) of Decoder run -> run depth at s
 where
  choose byte = case byte of
    0x22 -> String <$> Decode.text
    0x7B -> Object . KeyMap.fromList . map (\(key, value) -> (Key.fromText key, value)) <$> pairs decodeValue
    0x5B -> Array . Vector.fromList <$> list decodeValue
    0x6E -> Null <$ unit
    0x74 -> Bool <$> bool
    0x66 -> Bool <$> bool
    _ -> Number <$> number

-- | Exact up to 1,000 digits; a fraction of more is the nearest double.
number :: Decoder Scientific
number = Decoder $ \depth at0 s -> case skipSpace at0 of
  at -> case Decode.number of
    Decoder run -> case run depth at s of
      (# s1, next, Decode.Whole value #) -> (# s1, next, scientific value 0 #)
      (# s1, next, Decode.Fraction value #)
        | value == 0 || I# (minusAddr# next at) > Decode.digitLimit -> (# s1, next, Scientific.fromFloatDigits value #)
        | otherwise -> case skipNumber at s1 of
            (# s2, end #) -> case exact at end of !found -> (# s2, end, found #)
 where
  exact begin end = case C.unpack (bytesBetween begin end) of
    '-' : digits -> negate (parts digits)
    digits -> parts digits
  parts digits = scientific (read (whole ++ fraction)) (power - length fraction)
   where
    (whole, rest) = span (`elem` ['0' .. '9']) digits
    (fraction, rest1) = case rest of
      '.' : more -> span (`elem` ['0' .. '9']) more
      _ -> ("", rest)
    power = case rest1 of
      _ : '+' : more -> read more
      _ : more -> read more
      [] -> 0 :: Int
  bytesBetween begin end = unsafeDupablePerformIO (C.packCStringLen (Ptr begin, I# (minusAddr# end begin)))

encodeValue :: Encoder Value
encodeValue = nested 256

nested :: Int -> Encoder Value
nested depth = Encoder $ \value -> case value of
  String found -> run Encode.text found
  Number found -> run encodeNumber found
  Bool found -> run Encode.bool found
  Null -> run Encode.unit ()
  Array items
    | depth == 0 -> \_ _ s -> hidden "it is nested too deeply, or holds itself" s
    | otherwise -> run (Encode.list (nested (depth - 1))) (Vector.toList items)
  Object members
    | depth == 0 -> \_ _ s -> hidden "it is nested too deeply, or holds itself" s
    | otherwise -> run (Encode.pairs (nested (depth - 1))) [(Key.toText key, item) | (key, item) <- KeyMap.toList members]
 where
  run (Encoder encode) = encode

-- | A whole number is written as one, unless it is written shorter with an exponent.
encodeNumber :: Encoder Scientific
encodeNumber = Encoder $ \value sink at s -> case base10Exponent value of
  0 -> case Encode.integer of Encoder run -> run (coefficient value) sink at s
  _
    | isInfinite (Scientific.toRealFloat value :: Double) -> hidden "a number beyond the range of a Double" s
    | otherwise -> case writeBytes (C.pack (told value)) sink (Ptr at) of
        IO run -> case run s of (# s1, Ptr end #) -> (# s1, end #)
 where
  told value
    | power > 0 || power < -400 || length digits > 1000 = sign ++ digits ++ "e" ++ show power
    | length digits > places = sign ++ take (length digits - places) digits ++ "." ++ drop (length digits - places) digits
    | otherwise = sign ++ "0." ++ replicate (places - length digits) '0' ++ digits
   where
    power = base10Exponent value
    places = negate power
    sign = if coefficient value < 0 then "-" else ""
    digits = show (abs (coefficient value))

-- | As aeson has it.
toValue :: Json -> Value
toValue json = case json of
  Json.Object members -> Object (KeyMap.fromList [(Key.fromText key, toValue item) | (key, item) <- members])
  Json.List items -> Array (Vector.fromList (map toValue items))
  Json.String found -> String found
  Json.Integer found -> Number (fromInteger found)
  Json.Double found -> Number (Scientific.fromFloatDigits found)
  Json.Bool found -> Bool found
  Json.Null -> Null

fromValue :: Value -> Json
fromValue value = case value of
  Object members -> Json.Object [(Key.toText key, fromValue item) | (key, item) <- KeyMap.toList members]
  Array items -> Json.List (map fromValue (Vector.toList items))
  String found -> Json.String found
  Number found
    | base10Exponent found >= 0 && base10Exponent found <= 1000 -> Json.Integer (coefficient found * 10 ^ base10Exponent found)
    | otherwise -> Json.Double (Scientific.toRealFloat found)
  Bool found -> Json.Bool found
  Null -> Json.Null
