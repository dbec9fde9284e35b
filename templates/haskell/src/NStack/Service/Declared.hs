{-# LANGUAGE OverloadedStrings #-}

-- | What the API of initialize asks of the code.
module NStack.Service.Declared
  ( declaredArities
  , declaredChecks
  , Check
  , servable
  , noFunction
  ) where

import Control.Exception (try)
import qualified Data.ByteString as B
import qualified Data.ByteString.Unsafe as B
import Data.List (find)
import Data.Text (Text)
import qualified Data.Text as Text
import GHC.Exts (Ptr (..))
import GHC.IO (unsafeDupablePerformIO)

import qualified NStack.Decode.Bytes as Decode
import NStack.Decode.Decoder (Decoder, Misfit (..), runDecoder, slack)
import qualified NStack.Decode.Timestamp as Decode
import NStack.Encode.Encoder (rendered)
import NStack.Json
import NStack.Rpc.Error
import NStack.Service.Function

-- | How many arguments each function of the API takes.
declaredArities :: Json -> [(Text, Int)]
declaredArities (Object api) = [(name, arityOf declared) | (name, declared) <- api]
 where
  arityOf declared = case member "arity" declared of
    Integer arity | arity >= 0 && arity < 1000 -> fromInteger arity
    _ -> 1
declaredArities _ = []

-- | The path and the fault of a value that is not of the declared type.
type Check = Json -> Maybe (Text, Text)

-- | The declared inputs of functions that take some part of them as Json.
declaredChecks :: Service -> Json -> [(Text, Check)]
declaredChecks code_ api =
  [ (functionName function, misfit "$" schema)
  | function <- serviceFunctions code_
  , Right (Body {bodyOpen = True}) <- [functionBody function]
  , schema@(Object (_ : _)) <- [member "input" (member (functionName function) api)]
  ]

-- | By a schema of the dialect of docs/bridge-protocol.md; whatever it does not know, it lets pass.
misfit :: Text -> Json -> Check
misfit path schema value
  | List (inner : _) <- member "anyOf" schema = if value == Null then Nothing else misfit path inner value
  | List cases <- member "oneOf" schema = oneOf cases
  | List parts <- member "prefixItems" schema = case value of
      List items
        | length items == length parts -> firstOf [misfit (at n) part item | (n, part, item) <- zip3 [0 :: Int ..] parts items]
      _ -> wrong (Text.pack ("a list of " ++ show (length parts)))
  | otherwise = case member "type" schema of
      String "integer" -> case value of Integer _ -> Nothing; _ -> wrong "Integer"
      String "number" -> case value of Integer _ -> Nothing; Double _ -> Nothing; _ -> wrong "Double"
      String "boolean" -> case value of Bool _ -> Nothing; _ -> wrong "Boolean"
      String "null" -> case value of Null -> Nothing; _ -> wrong "null"
      String "string" -> case value of String text -> textMisfit text; _ -> wrong "Text"
      String "array" -> case (value, member "items" schema) of
        (List items, inner@(Object _)) -> firstOf [misfit (at n) inner item | (n, item) <- zip [0 :: Int ..] items]
        (List _, _) -> Nothing
        _ -> wrong "a list"
      String "object" -> case value of
        Object members -> objectMisfit members
        _ -> wrong "an object"
      _ -> Nothing
 where
  wrong what = Just (path, Text.concat ["expected ", what, ", found ", kind value])
  at n = Text.concat [path, "[", Text.pack (show n), "]"]
  below name = Text.concat [path, ".", name]
  firstOf = foldr (\one rest -> maybe rest Just one) Nothing
  textMisfit text
    | String "base64" <- member "contentEncoding" schema = if readsAs Decode.bytes text then Nothing else wrong "Bytes (base64 with padding)"
    | String "date-time" <- member "format" schema = if readsAs Decode.timestamp text then Nothing else wrong "Timestamp (RFC 3339 with an offset)"
    | otherwise = Nothing
  objectMisfit members
    | Object fields <- member "properties" schema =
        firstOf [maybe (absent name) (misfit (below name) inner) (lookup name members) | (name, inner) <- fields]
    | inner@(Object _) <- member "additionalProperties" schema = firstOf [misfit (below name) inner item | (name, item) <- members]
    | otherwise = Nothing
  absent name
    | List required <- member "required" schema, String name `elem` required = Just (path, Text.append "no field " name)
    | otherwise = Nothing
  oneOf cases = case (value, [properties | one <- cases, Object properties <- [member "properties" one]]) of
    (Object [(name, payload)], known) | inner : _ <- [found | [(case_, found)] <- known, case_ == name] -> misfit (below name) inner payload
    (_, known) -> wrong (Text.append "one case of " (Text.intercalate ", " (map fst (concat known))))

kind :: Json -> Text
kind value = case value of
  Object _ -> "an object"
  List _ -> "a list"
  String _ -> "Text"
  Integer _ -> "a number"
  Double _ -> "a number"
  Bool _ -> "Boolean"
  Null -> "null"

readsAs :: Decoder a -> Text -> Bool
readsAs decoder text = unsafeDupablePerformIO $ do
  quoted <- rendered encodeJson (String text)
  outcome <- try (B.unsafeUseAsCString (B.append quoted (B.replicate slack 0x0A)) (\(Ptr at) -> runDecoder decoder 1 (Ptr at)))
  pure (either (\(Misfit _ _) -> False) (const True) outcome)

-- | Whether the code has a function of that name that takes so many arguments; what it has can be told by rpc.discover all the
-- same.
servable :: Service -> Text -> Int -> Either RpcError ()
servable code_ name arity = case find ((== name) . functionName) (serviceFunctions code_) of
  Nothing -> Left (noFunction code_ name)
  Just (Function {functionSource = Just _}) -> Right ()
  Just function -> case functionBody function of
    Left reason -> Left (rpcError methodNotFound reason)
    Right (Body {bodyArguments = arguments})
      | takes arguments arity -> Right ()
      | otherwise -> refused (Text.pack ("takes " ++ plain (ownArity arguments) ++ ", where " ++ counted arity ++ " declared"))
 where
  refused text = Left (rpcError methodNotFound (Text.concat [name, " ", text]))
  plain count = show count ++ (if count == 1 then " argument" else " arguments")
  counted count = plain count ++ (if count == 1 then " is" else " are")

noFunction :: Service -> Text -> RpcError
noFunction code_ name =
  rpcError methodNotFound (Text.concat ["module ", serviceModule code_, " has no function ", name, "; it has ", names])
 where
  names = case map functionName (serviceFunctions code_) of
    [] -> "none"
    found -> Text.intercalate ", " found
