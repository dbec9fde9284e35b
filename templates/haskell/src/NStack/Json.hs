{-# LANGUAGE FlexibleInstances #-}
{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | JSON of any shape, and values of the plain types as such.
--
-- aeson's Value is taken and given as well ("NStack.Aeson"); a service that does not use it does not carry aeson, which is half of
-- an executable.
module NStack.Json
  ( Json (..)
  , ToJson (..)
  , FromJson (..)
  , (.=)
  , object
  , encodeJson
  , member
  ) where

import Data.Function (on)
import Data.List (groupBy, sort, sortOn)
import Data.Map.Strict (Map)
import qualified Data.Map.Strict as Map
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Time.Clock (UTCTime)

import NStack.Decode.Compound
import NStack.Decode.Decoder
import qualified NStack.Decode.Number as Decode
import qualified NStack.Decode.Text as Decode
import qualified NStack.Decode.Timestamp as Decode
import qualified NStack.Encode.Compound as Encode
import NStack.Encode.Encoder (Encoder (..), hidden)
import qualified NStack.Encode.Scalar as Encode

-- | Members of an object keep their order; of two with the same key the last one counts. An Integer is a number without fraction
-- and exponent.
data Json
  = Object [(Text, Json)]
  | List [Json]
  | String !Text
  | Integer !Integer
  | Double !Double
  | Bool !Bool
  | Null
  deriving (Eq, Show)

class ToJson a where
  toJson :: a -> Json

-- | What a parameter of the manifest's @config@ can be read as.
class FromJson a where
  decodeJson :: Decoder a

instance ToJson Json where toJson = id
instance ToJson Text where toJson = String
instance {-# OVERLAPPING #-} ToJson [Char] where toJson = String . Text.pack
instance ToJson Integer where toJson = Integer
instance ToJson Int where toJson = Integer . toInteger
instance ToJson Double where toJson = Double
instance ToJson Bool where toJson = Bool
instance ToJson () where toJson () = Null
instance (ToJson a) => ToJson [a] where toJson = List . map toJson
instance (ToJson a) => ToJson (Maybe a) where toJson = maybe Null toJson
instance (ToJson a) => ToJson (Map Text a) where toJson = Object . Map.toList . fmap toJson

instance FromJson Text where decodeJson = Decode.text
instance {-# OVERLAPPING #-} FromJson [Char] where decodeJson = Decode.string
instance FromJson Integer where decodeJson = Decode.integer
instance FromJson Int where decodeJson = Decode.int
instance FromJson Double where decodeJson = Decode.double
instance FromJson Bool where decodeJson = bool
instance FromJson UTCTime where decodeJson = Decode.timestamp
instance (FromJson a) => FromJson [a] where decodeJson = list decodeJson
instance (FromJson a) => FromJson (Maybe a) where decodeJson = optional decodeJson
instance (FromJson a) => FromJson (Map Text a) where decodeJson = mapOf decodeJson

instance FromJson Json where
  decodeJson = Decoder $ \depth at0 s -> case skipSpace at0 of
    at -> case choose (byteAt at 0#) of Decoder run -> run depth at s
   where
    choose byte = case byte of
      0x22 -> String <$> Decode.text
      0x7B -> Object . lastOnes <$> pairs decodeJson
      0x5B -> List <$> list decodeJson
      0x6E -> Null <$ unit
      0x74 -> Bool <$> bool
      0x66 -> Bool <$> bool
      _ -> fromNumber <$> Decode.number
    fromNumber (Decode.Whole value) = Integer value
    fromNumber (Decode.Fraction value) = Double value

-- | Without the members that a later one of the same key replaces.
lastOnes :: [(Text, a)] -> [(Text, a)]
lastOnes members
  | and (zipWith (/=) sorted (drop 1 sorted)) = members
  | otherwise = map snd (sortOn fst [last same | same <- groupBy ((==) `on` key) (sortOn key (zip [0 :: Int ..] members))])
 where
  key = fst . snd
  sorted = sort (map fst members)

-- | Nested up to 256 levels, so that a value that holds itself ends as well.
encodeJson :: Encoder Json
encodeJson = nested 256

nested :: Int -> Encoder Json
nested depth = Encoder $ \value -> case value of
  String found -> run Encode.text found
  Integer found -> run Encode.integer found
  Double found -> run Encode.double found
  Bool found -> run Encode.bool found
  Null -> run Encode.unit ()
  List items
    | depth == 0 -> \_ _ s -> hidden "it is nested too deeply, or holds itself" s
    | otherwise -> run (Encode.list (nested (depth - 1))) items
  Object members
    | depth == 0 -> \_ _ s -> hidden "it is nested too deeply, or holds itself" s
    | otherwise -> run (Encode.pairs (nested (depth - 1))) members
 where
  run (Encoder encode) = encode

-- | A field of a log, or a member of an object.
(.=) :: (ToJson a) => Text -> a -> (Text, Json)
key .= value = (key, toJson value)

infixr 8 .=

object :: [(Text, Json)] -> Json
object = Object

-- | A member of an object; Null where there is none.
member :: Text -> Json -> Json
member key (Object members) = maybe Null id (lookup key members)
member _ _ = Null
