-- | What is asked of all parts of a type.
module NStack.Serve.Parts
  ( whyNot
  , isOpen
  ) where

import NStack.Serve.Shape

-- | The first reason why one of the types cannot be served.
whyNot :: [Shape] -> String
whyNot shapes = case concatMap faults shapes of
  Outside text reason : _ -> text ++ " is outside the type language: " ++ reason
  [] -> "its type is outside the type language"
 where
  faults shape = case shape of
    Unsupported outside -> [outside]
    ListOf _ _ item -> faults item
    MapOf _ _ item -> faults item
    OptionalOf _ item -> faults item
    TupleOf parts -> concatMap (faults . snd) parts
    Through _ _ item -> faults item
    Record _ _ fields -> concatMap inField fields
    Sum _ _ cases -> concatMap inCase cases
    _ -> []
  inField (Field _ _ shape) = faults shape
  inCase one = case one of
    Fields _ fields -> concatMap inField fields
    Argument _ _ shape -> faults shape
    Wrong _ outside -> [outside]
    Alone _ -> []

-- | Whether some part of a type is Json.
isOpen :: Shape -> Bool
isOpen shape = case shape of
  Plain schema _ _ -> schema == "{}"
  ListOf _ _ item -> isOpen item
  MapOf _ _ item -> isOpen item
  OptionalOf _ item -> isOpen item
  TupleOf parts -> any (isOpen . snd) parts
  Through _ _ item -> isOpen item
  Record _ _ fields -> any inField fields
  Sum _ _ cases -> any inCase cases
  _ -> False
 where
  inField (Field _ _ item) = isOpen item
  inCase one = case one of
    Fields _ fields -> any inField fields
    Argument _ _ item -> isOpen item
    _ -> False
