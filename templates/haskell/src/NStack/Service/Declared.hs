{-# LANGUAGE OverloadedStrings #-}

-- | What the API of initialize asks of the code.
module NStack.Service.Declared
  ( declaredArities
  , servable
  , noFunction
  ) where

import Data.List (find)
import Data.Text (Text)
import qualified Data.Text as Text

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

-- | Whether the code has a function of that name that takes so many arguments; what it has can be told by rpc.discover all the same.
servable :: Service -> Text -> Int -> Either RpcError ()
servable code_ name arity = case find ((== name) . functionName) (serviceFunctions code_) of
  Nothing -> Left (noFunction code_ name)
  Just function -> case functionBody function of
    Left reason -> Left (rpcError methodNotFound reason)
    Right (Body arguments _ _ _)
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
