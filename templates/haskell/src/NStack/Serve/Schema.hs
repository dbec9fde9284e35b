{-# LANGUAGE OverloadedStrings #-}

-- | Shapes as JSON Schema.
module NStack.Serve.Schema
  ( schemaOf
  , jsonString
  ) where

import Data.List (intercalate)
import Language.Haskell.TH (nameBase)

import NStack.Serve.ReadType (typeText)
import NStack.Serve.Shape

-- | A shape as rpc.discover tells it, in the dialect of docs/bridge-protocol.md.
schemaOf :: Shape -> String
schemaOf shape = case shape of
  Plain schema _ _ -> schema
  Bounded _ -> "{\"type\":\"integer\"}"
  ListOf _ _ item -> "{\"type\":\"array\",\"items\":" ++ schemaOf item ++ "}"
  MapOf _ _ item -> "{\"type\":\"object\",\"additionalProperties\":" ++ schemaOf item ++ "}"
  OptionalOf _ item -> "{\"anyOf\":[" ++ schemaOf item ++ ",{\"type\":\"null\"}]}"
  TupleOf parts ->
    "{\"type\":\"array\",\"prefixItems\":[" ++ commas (map (schemaOf . snd) parts) ++ "],\"items\":false,\"minItems\":" ++ show (length parts) ++ "}"
  Through _ _ item -> schemaOf item
  Record whole _ fields -> record (",\"title\":" ++ jsonString (typeText whole)) fields
  Sum _ title cases -> "{\"oneOf\":[" ++ commas (map caseSchema cases) ++ "],\"title\":" ++ jsonString title ++ "}"
  Unsupported outside -> unsupported outside
 where
  commas = intercalate ","
  unsupported (Outside text reason) = "{\"x-nstack\":\"unsupported\",\"text\":" ++ jsonString text ++ ",\"reason\":" ++ jsonString reason ++ "}"
  record title fields =
    "{\"type\":\"object\",\"properties\":{"
      ++ commas [jsonString name ++ ":" ++ schemaOf item | Field name _ item <- fields]
      ++ "},\"required\":["
      ++ commas [jsonString name | Field name _ item <- fields, not (isOptional item)]
      ++ "]"
      ++ title
      ++ "}"
  caseSchema one =
    let (name, inner) = case one of
          Fields constructor fields -> (constructor, record "" fields)
          Argument constructor _ item -> (constructor, schemaOf item)
          Alone constructor -> (constructor, "{\"type\":\"null\"}")
          Wrong constructor outside -> (constructor, unsupported outside)
        key = jsonString (nameBase name)
     in "{\"type\":\"object\",\"properties\":{" ++ key ++ ":" ++ inner ++ "},\"required\":[" ++ key ++ "],\"additionalProperties\":false}"

-- | As JSON has it.
jsonString :: String -> String
jsonString value = "\"" ++ concatMap sign value ++ "\""
 where
  sign char
    | char `elem` ("\"\\" :: String) = ['\\', char]
    | char < ' ' = " "
    | otherwise = [char]
