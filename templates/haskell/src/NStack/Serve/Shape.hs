{-# LANGUAGE TemplateHaskellQuotes #-}

-- | Reads a Haskell type as one of nstack's types.
module NStack.Serve.Shape
  ( Shape (..)
  , Field (..)
  , Case (..)
  , Outside (..)
  , readShape
  , expandSynonyms
  , typeText
  ) where

import Data.ByteString (ByteString)
import qualified Data.ByteString.Lazy as L
import Data.Foldable (toList)
import Data.Int (Int16, Int32, Int64, Int8)
import Data.IntMap (IntMap)
import Data.IntSet (IntSet)
import Data.List (intercalate)
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

-- | What a type is to nstack, with what makes a value of it.
data Shape
  = Plain String Name Name
  -- ^ Its JSON Schema, and the names of a decoder and an encoder.
  | Bounded Name
  -- ^ An integral type of limited range.
  | ListOf (Maybe (Name, Name)) Type Shape
  -- ^ A list, or what is made from one and back.
  | MapOf (Maybe (Name, Name)) Type Shape
  | OptionalOf Type Shape
  | TupleOf [(Type, Shape)]
  | Through Name Type Shape
  -- ^ A constructor with one argument, which is what JSON holds.
  | Record Type Name [Field]
  | Sum Type String [Case]
  | Unsupported Outside

data Field = Field String Type Shape

-- | A case's constructor, and what it carries: the fields of a record, one argument, or nothing.
data Case
  = Fields Name [Field]
  | Argument Name Type Shape
  | Alone Name
  | Wrong Name Outside

-- | A type as its author would write it, and why JSON does not hold it.
data Outside = Outside String String

-- | `above` holds the types that it stands in: types are finite.
readShape :: [Type] -> Type -> Q Shape
readShape above written = do
  whole <- expandSynonyms written
  if whole `elem` above
    then pure (outside whole "it refers to itself, and types are finite")
    else readSpine (whole : above) whole (spine whole)

readSpine :: [Type] -> Type -> (Type, [Type]) -> Q Shape
readSpine above whole (headType, arguments) = case (headType, arguments) of
  (ListT, [item])
    | item == ConT ''Char -> pure (Plain text 'Decode.string 'Encode.string)
    | otherwise -> ListOf Nothing item <$> inner item
  (TupleT 0, []) -> pure (Plain "{\"type\":\"null\"}" 'Decode.unit 'Encode.unit)
  (TupleT _, items) -> TupleOf <$> mapM (\item -> (,) item <$> inner item) items
  (ConT name, [item])
    | name == ''Maybe -> optionalOf item
    | Just conversion <- Map.lookup (original name) listTypes -> ListOf conversion item <$> inner item
  (ConT name, [key, item])
    | Just conversion <- Map.lookup (original name) mapTypes -> do
        keyShape <- readShape above key
        case keyShape of
          Plain schema decoder _ | schema == text, nameBase decoder == "text" -> MapOf conversion item <$> inner item
          _ -> pure (outside whole ("the keys of a Map are Text, not " ++ typeText key))
  (ConT name, [])
    | Just plain <- Map.lookup (original name) plainTypes -> pure plain
    | name `elem` boundedTypes -> pure (Bounded name)
  (ConT name, _)
    | Just reason <- Map.lookup (original name) reasons -> pure (outside whole reason)
    | otherwise -> reify name >>= readInfo above whole arguments
  (VarT _, _) -> pure (outside whole "it is polymorphic: give it a plain type")
  (ArrowT, _) -> pure (outside whole "a function is no data")
  _ -> pure (outside whole "it is outside the type language")
 where
  inner = readShape above
  optionalOf item = do
    shape <- inner item
    pure $ case shape of
      Plain "{}" _ _ -> outside whole "Json holds null itself; leave out the Maybe"
      Plain "{\"type\":\"null\"}" _ _ -> outside whole "a Maybe of () cannot be told from none"
      OptionalOf _ _ -> outside whole "a Maybe of a Maybe cannot be told from none"
      _ -> OptionalOf item shape

-- | The definition of an author's own type.
readInfo :: [Type] -> Type -> [Type] -> Info -> Q Shape
readInfo above whole arguments info = case info of
  TyConI (NewtypeD [] _ variables _ constructor _) -> constructed True variables [constructor]
  TyConI (DataD [] _ variables _ constructors _) -> constructed False variables constructors
  PrimTyConI {} -> pure (outside whole "it is outside the type language")
  _ -> pure (outside whole "a type is a record, a sum or a newtype")
 where
  constructed isNewtype variables constructors
    | length variables /= length arguments = pure (outside whole "it lacks an argument")
    | otherwise = readConstructors isNewtype (substitute (Map.fromList (zip (map variableName variables) arguments))) constructors
  readConstructors isNewtype place constructors = case constructors of
    [] -> pure (outside whole "it has no values")
    [RecC name fields] | not isNewtype -> Record whole name <$> mapM (readField place) fields
    [one] | Just (name, [item]) <- places one -> let argument = place item in Through name argument <$> readShape above argument
    [one] | Just (name, items@(_ : _)) <- places one -> pure (unnamed whole name items)
    several -> Sum whole (typeText whole) <$> mapM (readCase place) several
  readField place (name, _, written) = let argument = place written in Field (fieldName name) argument <$> readShape above argument
  readCase place one = case one of
    RecC name fields -> Fields name <$> mapM (readField place) fields
    _ -> case places one of
      Just (name, []) -> pure (Alone name)
      Just (name, [item]) -> let argument = place item in Argument name argument <$> readShape above argument
      Just (name, items) -> pure (Wrong name (case unnamed (ConT name) name items of Unsupported why -> why; _ -> Outside (nameBase name) ""))
      Nothing -> pure (Wrong (conName one) (Outside (typeText whole) "it says more than the types of its arguments"))

unnamed :: Type -> Name -> [Type] -> Shape
unnamed whole name items = outside whole (nameBase name ++ " has " ++ show (length items) ++ " arguments without names; name its fields")

-- | GHC 9.6 has the fields of modules with DuplicateRecordFields or NoFieldSelectors as @$sel:name:Constructor@.
fieldName :: Name -> String
fieldName name = case nameBase name of
  '$' : 's' : 'e' : 'l' : ':' : rest -> takeWhile (/= ':') rest
  plain -> plain

-- | A constructor by the types of its arguments, be they named or not.
places :: Con -> Maybe (Name, [Type])
places constructor = case constructor of
  NormalC name items -> Just (name, map snd items)
  RecC name items -> Just (name, [item | (_, _, item) <- items])
  InfixC (_, left) name (_, right) -> Just (name, [left, right])
  _ -> Nothing

conName :: Con -> Name
conName constructor = case constructor of
  NormalC name _ -> name
  RecC name _ -> name
  InfixC _ name _ -> name
  ForallC _ _ inner -> conName inner
  GadtC (name : _) _ _ -> name
  RecGadtC (name : _) _ _ -> name
  _ -> mkName "a constructor"

outside :: Type -> String -> Shape
outside whole reason = Unsupported (Outside (typeText whole) reason)

-- | Synonyms replaced wherever they stand at the head; kinds and brackets dropped.
expandSynonyms :: Type -> Q Type
expandSynonyms written = case spine written of
  (ConT name, arguments) -> do
    info <- reify name
    case info of
      TyConI (TySynD _ variables right)
        | length variables <= length arguments -> do
            let (bound, rest) = splitAt (length variables) arguments
            expandSynonyms (foldl AppT (substitute (Map.fromList (zip (map variableName variables) bound)) right) rest)
      _ -> foldl AppT (ConT name) <$> mapM expandSynonyms arguments
  (headType, arguments) -> foldl AppT headType <$> mapM expandSynonyms arguments

spine :: Type -> (Type, [Type])
spine = go []
 where
  go arguments (AppT f x) = go (x : arguments) f
  go arguments (SigT inner _) = go arguments inner
  go arguments (ParensT inner) = go arguments inner
  go arguments (AppKindT inner _) = go arguments inner
  go arguments other = (other, arguments)

substitute :: Map Name Type -> Type -> Type
substitute known = go
 where
  go (VarT name) = Map.findWithDefault (VarT name) name known
  go (AppT f x) = AppT (go f) (go x)
  go (SigT inner _) = go inner
  go (ParensT inner) = go inner
  go other = other

variableName :: TyVarBndr flag -> Name
variableName (PlainTV name _) = name
variableName (KindedTV name _ _) = name

-- | A type as its author would write it, without the modules of names.
typeText :: Type -> String
typeText written = case spine written of
  (ListT, [item])
    | item == ConT ''Char -> "String"
    | otherwise -> "[" ++ typeText item ++ "]"
  (TupleT 0, []) -> "()"
  (TupleT _, items) -> "(" ++ intercalate ", " (map typeText items) ++ ")"
  (ArrowT, [from, to]) -> typeText from ++ " -> " ++ typeText to
  (headType, arguments) -> unwords (headText headType : map bracketed arguments)
 where
  headText (ConT name) = nameBase name
  headText (VarT name) = takeWhile (/= '_') (nameBase name)
  headText ArrowT = "(->)"
  headText ListT = "[]"
  headText other = pprint other
  bracketed argument = case spine argument of
    (ListT, _) -> typeText argument
    (TupleT _, _) -> typeText argument
    (_, []) -> typeText argument
    _ -> "(" ++ typeText argument ++ ")"

-- | Where a type is defined, which is not always where it is imported from.
original :: Name -> (String, String)
original name = (maybe "" id (nameModule name), nameBase name)

text :: String
text = "{\"type\":\"string\"}"

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
