{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE TemplateHaskell #-}

-- | Turns an author's module into a service. The program that nstack generates is one line of it:
--
-- > main = $(serveModule "Service" "Service.hs" [("analyse", 12, 1, ["click"])])
--
-- Nothing that is wrong with a function stops the compiler: rpc.discover tells it, and initialize refuses it.
module NStack.Serve
  ( serveModule
  , serviceOf
  ) where

import Control.Monad.Trans.Class (lift)
import Data.List (intercalate)
import qualified Data.ByteString.Unsafe as B
import qualified Data.Text as Text
import Data.Text.Encoding (encodeUtf8)
import qualified Data.ByteString as B
import GHC.IO (unsafeDupablePerformIO)
import Language.Haskell.TH

import qualified NStack.Decode.Compound as Decode
import NStack.Process.Run (runService)
import NStack.Serve.Codec
import NStack.Serve.Parts
import NStack.Serve.ReadType
import NStack.Serve.Schema
import NStack.Serve.Shape
import NStack.Service.Function

-- | A program that serves functions of a module, which is imported qualified under its own name. The file's name, and of each
-- function its name, line, column and the names of its parameters as far as they have any, are for messages.
serveModule :: String -> String -> [(String, Int, Int, [String])] -> Q Exp
serveModule name file functions = [|runService $(serviceFrom name (Just file) functions)|]

-- | The same as a value, for "NStack.Testing": @serve $(serviceOf "Service" ["analyse"]) []@.
serviceOf :: String -> [String] -> Q Exp
serviceOf name functions = serviceFrom name Nothing [(function, 1, 1, []) | function <- functions]

serviceFrom :: String -> Maybe String -> [(String, Int, Int, [String])] -> Q Exp
serviceFrom name file functions = do
  (served, definitions) <- runGather (mapM (functionFrom name file) functions)
  let startup = hook name "startup"
      shutdown = hook name "shutdown"
  service <- [|Service (Text.pack $(stringE name)) $(listE (map pure served)) $startup $shutdown|]
  pure (LetE definitions service)

-- | A hook of the author's, where there is one.
hook :: String -> String -> Q Exp
hook modul name = do
  found <- lookupValueName (modul ++ "." ++ name)
  kind <- maybe (pure Nothing) typeOfValue found
  case (found, kind) of
    (Just own, Just (AppT (ConT io) _)) | io == ''IO -> [|() <$ $(varE own)|]
    _ -> [|pure ()|]

-- | Its type without synonyms at the head.
typeOfValue :: Name -> Q (Maybe Type)
typeOfValue name = do
  info <- reify name
  case info of
    VarI _ written _ -> Just <$> unwrapped written
    _ -> pure Nothing

-- | Without what a signature says of call stacks.
unwrapped :: Type -> Q Type
unwrapped written = case written of
  ForallT [] context inner | all isCallStack context -> unwrapped inner
  ForallT {} -> pure written
  _ -> expandSynonyms written
 where
  isCallStack (ConT name) = nameBase name == "HasCallStack"
  isCallStack (AppT (AppT (ConT name) _) _) = nameBase name == "IP"
  isCallStack (ImplicitParamT _ _) = True
  isCallStack _ = False

-- | What a function is, read from its type.
data Signature = Signature
  { parameterTypes :: [Type]
  , resultType :: Type
  , isIO :: Bool
  , isVectorised :: Bool
  }

functionFrom :: String -> Maybe String -> (String, Int, Int, [String]) -> Gather Exp
functionFrom modul file (name, line, column, names) = do
  found <- lift (lookupValueName (modul ++ "." ++ name))
  written <- maybe (pure Nothing) (lift . typeOfValue) found
  case (found, written) of
    (Nothing, _) -> refused "the module does not give it out"
    (_, Nothing) -> refused "it is no function of the module's own"
    (_, Just (ForallT {})) -> refused "it is polymorphic: give it a plain type"
    (Just own, Just known) -> do
      signature <- lift (readSignature known)
      parameters <- lift (mapM (readShape []) (parameterTypes signature))
      result <- lift (readShape [] (resultType signature))
      body <- bodyFrom own signature parameters result
      functionExp (describe signature parameters result) (maybe (Left (cannot (whyNot (parameters ++ [result])))) Right body)
 where
  -- Nothing is known of its parameters.
  refused reason = functionExp (method [] (schemaOf (Unsupported (Outside name reason))) False True) (Left (cannot reason))
  cannot reason = name ++ " cannot be served: " ++ reason
  functionExp described body = lift $ do
    let place = name ++ maybe "" (\path -> ", " ++ path ++ ":" ++ show line ++ ":" ++ show column) file
        bytes = encodeUtf8 (Text.pack described)
    [|
      Function
        (Text.pack $(stringE name))
        (Text.pack $(stringE place))
        (unsafeDupablePerformIO (B.unsafePackAddressLen $(integerE (B.length bytes)) $(litE (stringPrimL (B.unpack bytes)))))
        $(either (\reason -> [|Left (Text.pack $(stringE reason))|]) (\one -> [|Right $(pure one)|]) body)
      |]
  integerE = litE . integerL . fromIntegral
  describe signature parameters result
    | isVectorised signature = method [(parameterName 1, listSchema p) | p <- parameters] (listSchema result) True False
    | otherwise = method [(parameterName n, schemaOf p) | (n, p) <- zip [1 :: Int ..] (withoutUnit parameters)] (schemaOf result) False False
  parameterName n = case drop (n - 1) names of
    given : _ | not (null given) -> given
    _ -> "arg" ++ show n
  listSchema shape = "{\"type\":\"array\",\"items\":" ++ schemaOf shape ++ "}"
  -- A function of () takes no argument.
  withoutUnit [Plain "{\"type\":\"null\"}" _ _] = []
  withoutUnit parameters = parameters
  method parameters result vector variadic =
    concat
      [ "{\"name\":" ++ jsonString name ++ ",\"paramStructure\":\"by-position\",\"params\":["
      , intercalate "," ["{\"name\":" ++ jsonString label ++ ",\"required\":true,\"schema\":" ++ schema ++ "}" | (label, schema) <- parameters]
      , "],\"result\":{\"name\":\"result\",\"schema\":" ++ result ++ "},\"x-nstack\":{"
      , maybe "" (\path -> "\"file\":" ++ jsonString path ++ ",\"line\":" ++ show line ++ ",\"column\":" ++ show column ++ ",") file
      , "\"vectorised\":" ++ truth vector ++ ",\"variadic\":" ++ truth variadic ++ "}}"
      ]
  truth holds = if holds then "true" else "false"

readSignature :: Type -> Q Signature
readSignature known = case known of
  AppT (AppT (ConT mark) from) to | mark == ''Vectorised -> pure (Signature [from] to True True)
  AppT (AppT ArrowT from) to -> do
    rest <- expandSynonyms to >>= readSignature
    pure rest {parameterTypes = from : parameterTypes rest, isVectorised = False}
  AppT (ConT io) result | io == ''IO -> pure (Signature [] result True False)
  result -> pure (Signature [] result False False)

-- | How a function is decoded for, called, and encoded; Nothing where a type of it is outside.
bodyFrom :: Name -> Signature -> [Shape] -> Shape -> Gather (Maybe Exp)
bodyFrom own signature parameters result = do
  input <- case parameters of
    [] -> codecOf (Plain "" 'Decode.unit 'Decode.unit)
    [one] -> codecOf one
    several -> codecOf (TupleOf (zip (parameterTypes signature) several))
  output <- codecOf result
  case (input, output) of
    (Just (Codec decoder _), Just (Codec _ encoder)) -> Just <$> lift [|Body $arguments $open $(pure decoder) $(pure encoder) $call|]
    _ -> pure Nothing
 where
  count = length parameters
  open = if any isOpen parameters then [|True|] else [|False|]
  arguments = case parameters of
    [Plain "{\"type\":\"null\"}" _ _] -> [|Separate 0|]
    [shape] | Just size <- tupleSize shape -> [|OneTuple $(litE (integerL (fromIntegral size)))|]
    _ -> [|Separate $(litE (integerL (fromIntegral count)))|]
  tupleSize shape = case shape of
    TupleOf parts -> Just (length parts)
    Through _ _ inner -> tupleSize inner
    _ -> Nothing
  call
    | isVectorised signature = [|case $(varE own) of Vectorised f -> Whole f|]
    | otherwise = do
        names <- mapM (const (newName "argument")) parameters
        let applied = foldl appE (varE own) (map varE names)
            pattern_ = case names of
              [] -> wildP
              [one] -> varP one
              _ -> tupP (map varP names)
        [|Each $(lamE [pattern_] (if isIO signature then applied else [|pure $applied|]))|]
