{-# LANGUAGE TemplateHaskellQuotes #-}

-- | The types of libraries that are of the type language, and why some others are not.
module NStack.Serve.Known
  ( plainTypes
  , boundedTypes
  , listTypes
  , mapTypes
  , reasons
  , text
  ) where

import Data.ByteString (ByteString)
import qualified Data.ByteString.Lazy as L
import Data.Foldable (toList)
import Data.Int (Int16, Int32, Int64, Int8)
import Data.IntMap (IntMap)
import Data.IntSet (IntSet)
import Data.Map.Strict (Map)
import qualified Data.Map.Strict as Map
import Data.Ratio (Ratio)
import Data.Sequence (Seq)
import qualified Data.Sequence as Seq
import Data.Set (Set)
import Data.Text (Text)
import qualified Data.Text.Lazy as Lazy
import Data.Time.Calendar (Day)
import Data.Time.Clock (DiffTime, NominalDiffTime, UTCTime)
import Data.Time.LocalTime (LocalTime, ZonedTime)
import qualified Data.Vector as Vector
import Data.Word (Word16, Word32, Word64, Word8)
import Language.Haskell.TH
import Numeric.Natural (Natural)

import NStack.Aeson (decodeValue, encodeValue)
import NStack.Collections (fromHashMap, toHashMap)
import qualified NStack.Decode.Bytes as Decode
import qualified NStack.Decode.Compound as Decode
import qualified NStack.Decode.Number as Decode
import qualified NStack.Decode.Text as Decode
import qualified NStack.Decode.Timestamp as Decode
import qualified NStack.Encode.Scalar as Encode
import qualified NStack.Encode.Timestamp as Encode
import NStack.Json (FromJson (decodeJson), Json, encodeJson)
import NStack.Serve.Shape

-- | The plain types, by where they are defined.
plainTypes :: Map (String, String) Shape
plainTypes =
  Map.fromList
    [ (original ''Integer, Plain "{\"type\":\"integer\"}" 'Decode.integer 'Encode.integer)
    , (original ''Int, Plain "{\"type\":\"integer\"}" 'Decode.int 'Encode.int)
    , (original ''Natural, Plain "{\"type\":\"integer\"}" 'Decode.natural 'Encode.natural)
    , (original ''Double, Plain "{\"type\":\"number\"}" 'Decode.double 'Encode.double)
    , (original ''Float, Plain "{\"type\":\"number\"}" 'Decode.float 'Encode.float)
    , (original ''Bool, Plain "{\"type\":\"boolean\"}" 'Decode.bool 'Encode.bool)
    , (original ''Text, Plain text 'Decode.text 'Encode.text)
    , (original ''Lazy.Text, Plain text 'Decode.lazyText 'Encode.lazyText)
    , (original ''ByteString, Plain bytes 'Decode.bytes 'Encode.bytes)
    , (original ''L.ByteString, Plain bytes 'Decode.lazyBytes 'Encode.lazyBytes)
    , (original ''UTCTime, Plain timestamp 'Decode.timestamp 'Encode.timestamp)
    , (original ''ZonedTime, Plain timestamp 'Decode.zonedTimestamp 'Encode.zonedTimestamp)
    , (original ''Json, Plain "{}" 'decodeJson 'encodeJson)
    , (("Data.Aeson.Types.Internal", "Value"), Plain "{}" 'decodeValue 'encodeValue)
    ]
 where
  bytes = "{\"type\":\"string\",\"contentEncoding\":\"base64\"}"
  timestamp = "{\"type\":\"string\",\"format\":\"date-time\"}"

boundedTypes :: [Name]
boundedTypes = [''Int8, ''Int16, ''Int32, ''Int64, ''Word, ''Word8, ''Word16, ''Word32, ''Word64]

-- | What is made from a list, and a list from it.
listTypes, mapTypes :: Map (String, String) (Maybe (Name, Name))
listTypes =
  Map.fromList
    [ (("Data.Vector", "Vector"), Just ('Vector.fromList, 'Vector.toList))
    , (original ''Seq, Just ('Seq.fromList, 'toList))
    ]
mapTypes = Map.fromList [(original ''Map, Nothing), (("Data.HashMap.Internal", "HashMap"), Just ('toHashMap, 'fromHashMap))]

-- | Why a type that one might think of is outside.
reasons :: Map (String, String) String
reasons =
  Map.fromList $
    [ (original ''Char, "use Text")
    , (original ''Ratio, "use Double, or Text where every digit counts")
    , (("Data.Scientific", "Scientific"), "use Double, or Text where every digit counts")
    , (original ''IO, "IO stands around the result alone")
    , (original ''Day, "use UTCTime (Timestamp) or Text")
    , (original ''LocalTime, "use UTCTime (Timestamp) or Text")
    , (original ''NominalDiffTime, "use Double (seconds)")
    , (original ''DiffTime, "use Double (seconds)")
    , (original ''IntMap, "the keys of a Map are Text, not Int")
    ]
      ++ [(set, "a set has no JSON; use a list") | set <- [original ''Set, original ''IntSet, ("Data.HashSet.Internal", "HashSet")]]

-- | The schema of Text.
text :: String
text = "{\"type\":\"string\"}"
