{-# LANGUAGE OverloadedStrings #-}

-- | Whether cases of sums carry what the API of initialize declares.
--
-- In other languages a case whose one field is called @value@ may carry a payload that is no record. In Haskell an argument without a
-- name does that, and one with a name is a record's field. Where the two meet, every message would be refused: it is told at once.
module NStack.Service.Payload (unlikePayloads) where

import qualified Data.ByteString as B
import qualified Data.ByteString.Unsafe as B
import Data.Text (Text)
import qualified Data.Text as Text
import Foreign.Ptr (castPtr)
import GHC.IO (unsafeDupablePerformIO)

import NStack.Decode.Decoder (runDecoder, slack)
import NStack.Json
import NStack.Rpc.Error
import NStack.Service.Function

-- | An error for each such case.
unlikePayloads :: Service -> Json -> [RpcError]
unlikePayloads code_ api =
  [ rpcError methodNotFound (Text.concat [functionName function, ": the case ", name, " carries a record with the field value, where the API declares no record; write ", name, " with an argument without a name"])
  | function <- serviceFunctions code_
  , declared@(Object _) <- [member (functionName function) api]
  , name <- inFunction (parsed (functionMethod function)) declared
  ]

inFunction :: Json -> Json -> [Text]
inFunction method declared = inputs ++ compared (one (member "schema" (member "result" method))) (member "output" declared)
 where
  inputs = case (listed (member "params" method), member "prefixItems" (member "input" declared)) of
    (several@(_ : _ : _), List parts) -> concat (zipWith compared (map (member "schema") several) parts)
    (parameters, _) -> concat [compared (one (member "schema" parameter)) (member "input" declared) | parameter <- parameters]
  one schema = if member "vectorised" (member "x-nstack" method) == Bool True then member "items" schema else schema

-- | The code's schema and the declared one, part by part as far as they are alike.
compared :: Json -> Json -> [Text]
compared own declared
  | inner : _ <- listed (member "anyOf" own) = compared inner (maybe declared id (first (member "anyOf" declared)))
  | Just inner <- first (member "anyOf" declared) = compared own inner
  | cases@(_ : _) <- listed (member "oneOf" own) =
      concat [inCase name payload other | (name, payload) <- named cases, (wanted, other) <- named (listed (member "oneOf" declared)), name == wanted]
  | parts@(_ : _) <- listed (member "prefixItems" own) = concat (zipWith compared parts (listed (member "prefixItems" declared)))
  | Object fields <- member "properties" own = concat [compared inner (member name (member "properties" declared)) | (name, inner) <- fields]
  | Object _ <- declared = concat [compared inner (member key declared) | key <- ["items", "additionalProperties"], inner@(Object _) <- [member key own]]
  | otherwise = []
 where
  first = foldr (const . Just) Nothing . listed
  named cases = [entry | one <- cases, Object entries <- [member "properties" one], entry <- entries]
  inCase name payload other
    | Object [("value", _)] <- member "properties" payload, isWritten other, Null <- member "properties" other = [name]
    | otherwise = compared payload other
  isWritten schema = case schema of Object (_ : _) -> True; _ -> False

listed :: Json -> [Json]
listed json = case json of List found -> found; _ -> []

parsed :: B.ByteString -> Json
parsed bytes = unsafeDupablePerformIO $
  B.unsafeUseAsCString (B.append bytes (B.replicate slack 0x0A)) $ \at -> fst <$> runDecoder decodeJson 1000 (castPtr at)
