-- | nstack's types, as they are read from Haskell's.
module NStack.Serve.Shape
  ( Shape (..)
  , Field (..)
  , Case (..)
  , Outside (..)
  , isOptional
  , original
  ) where

import Language.Haskell.TH

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

-- | Whether a field of the type may be missing.
isOptional :: Shape -> Bool
isOptional (OptionalOf _ _) = True
isOptional (Through _ _ inner) = isOptional inner
isOptional _ = False

-- | Where a type is defined, which is not always where it is imported from.
original :: Name -> (String, String)
original name = (maybe "" id (nameModule name), nameBase name)
