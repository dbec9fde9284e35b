{-# LANGUAGE TemplateHaskellQuotes #-}

-- | Reads a Haskell type as one of nstack's types.
module NStack.Serve.ReadType
  ( readShape
  , expandSynonyms
  , typeText
  ) where

import Data.List (intercalate)
import Data.Map.Strict (Map)
import qualified Data.Map.Strict as Map
import Language.Haskell.TH

import qualified NStack.Decode.Compound as Decode
import qualified NStack.Decode.Text as Decode
import qualified NStack.Encode.Scalar as Encode
import NStack.Serve.Known
import NStack.Serve.Shape

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
