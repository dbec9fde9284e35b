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
import NStack.Service.Position (decodePosition, encodePosition)

-- | A program that serves functions of a module, which is imported qualified under its own name. The file's name, and of each
-- function its name, line, column and the names of its parameters as far as they have any, are for messages.
serveModule :: String -> String -> [(String, Int, Int, [String])] -> Q Exp
serveModule name file functions = [|runService $(serviceFrom name (Just file) functions)|]

-- | The same as a value, for "NStack.Testing": @serve $(serviceOf "Service" ["analyse"]) []@.
serviceOf :: String -> [String] -> Q Exp
serviceOf name functions = serviceFrom name Nothing [(function, 1, 1, []) | function <- functions]

serviceFrom :: String -> Maybe String -> [(String, Int, Int, [String])] -> Q Exp
serviceFrom name file functions = do
  (all_, definitions) <- runGather (mapM (functionFrom name file) functions)
  let hooks = [source ++ ackSuffix | ((source, _, _, _), (True, _)) <- zip functions all_]
      served = [function | ((one, _, _, _), (_, function)) <- zip functions all_, one `notElem` hooks]
      startup = hook name "startup"
      shutdown = hook name "shutdown"
  service <- [|Service (Text.pack $(stringE name)) $(listE (map pure served)) $startup $shutdown|]
  pure (LetE definitions service)

-- | What follows the name of a source in that of the hook that is told what is confirmed.
ackSuffix :: String
ackSuffix = "Ack"

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

-- | A function, and whether it is a source.
functionFrom :: String -> Maybe String -> (String, Int, Int, [String]) -> Gather (Bool, Exp)
functionFrom modul file (name, line, column, names) = do
  found <- lift (lookupValueName (modul ++ "." ++ name))
  written <- maybe (pure Nothing) (lift . typeOfValue) found
  case (found, written) of
    (Nothing, _) -> refused "the module does not give it out"
    (_, Nothing) -> refused "it is no function of the module's own"
    (_, Just (ForallT {})) -> refused "it is polymorphic: give it a plain type"
    (Just own, Just known) -> do
      signature <- lift (readSignature known)
      emits <- lift (emitsOf signature)
      maybe (called own signature) (either refused (source own)) emits
 where
  called own signature = do
      parameters <- lift (mapM (readShape []) (parameterTypes signature))
      result <- lift (readShape [] (resultType signature))
      body <- bodyFrom own signature parameters result
      (,) False <$> functionExp (describe signature parameters result) (maybe (Left (cannot (whyNot (parameters ++ [result])))) Right body) Nothing
  source own emits = do
      item <- lift (readShape [] (itemType emits))
      argument <- lift (traverse (readShape []) (positionArgument emits))
      position <- lift (traverse (readShape []) (positionType emits))
      let shapes = [item] ++ maybe [] pure argument ++ maybe [] pure position
          described = method [(parameterName 1, schemaOf one) | Just one <- [argument]] (schemaOf item) ",\"vectorised\":false,\"variadic\":false,\"source\":true"
      body <- emittingFrom modul name own item argument position
      case (argument, body) of
        (Just one, _) | not (mayBeNothing one) -> refused "a source takes Maybe a position, which is Nothing the first time"
        (_, Nothing) -> (,) True <$> functionExp described (Left (cannot (whyNot shapes))) Nothing
        (_, Just one) -> (,) True <$> functionExp described (Left (name ++ " is a source, which is not called: next asks it for items")) (Just one)
  mayBeNothing shape = isOptional shape || isOpen shape
  -- Nothing is known of its parameters.
  refused reason = (,) False <$> functionExp (method [] (schemaOf (Unsupported (Outside name reason))) (kinds False True)) (Left (cannot reason)) Nothing
  cannot reason = name ++ " cannot be served: " ++ reason
  functionExp described body emits = lift $ do
    let place = name ++ maybe "" (\path -> ", " ++ path ++ ":" ++ show line ++ ":" ++ show column) file
        bytes = encodeUtf8 (Text.pack described)
    [|
      Function
        (Text.pack $(stringE name))
        (Text.pack $(stringE place))
        (unsafeDupablePerformIO (B.unsafePackAddressLen $(integerE (B.length bytes)) $(litE (stringPrimL (B.unpack bytes)))))
        $(either (\reason -> [|Left (Text.pack $(stringE reason))|]) (\one -> [|Right $(pure one)|]) body)
        $(maybe [|Nothing|] (\one -> [|Just $(pure one)|]) emits)
      |]
  integerE = litE . integerL . fromIntegral
  describe signature parameters result
    | isVectorised signature = method [(parameterName 1, listSchema p) | p <- parameters] (listSchema result) (kinds True False)
    | otherwise = method [(parameterName n, schemaOf p) | (n, p) <- zip [1 :: Int ..] (withoutUnit parameters)] (schemaOf result) (kinds False False)
  parameterName n = case drop (n - 1) names of
    given : _ | not (null given) -> given
    _ -> "arg" ++ show n
  listSchema shape = "{\"type\":\"array\",\"items\":" ++ schemaOf shape ++ "}"
  -- A function of () takes no argument.
  withoutUnit [Plain "{\"type\":\"null\"}" _ _] = []
  withoutUnit parameters = parameters
  kinds vector variadic = ",\"vectorised\":" ++ truth vector ++ ",\"variadic\":" ++ truth variadic
  method parameters result kind =
    concat
      [ "{\"name\":" ++ jsonString name ++ ",\"paramStructure\":\"by-position\",\"params\":["
      , intercalate "," ["{\"name\":" ++ jsonString label ++ ",\"required\":true,\"schema\":" ++ schema ++ "}" | (label, schema) <- parameters]
      , "],\"result\":{\"name\":\"result\",\"schema\":" ++ result ++ "},\"x-nstack\":{"
      , drop 1 (maybe "" (\path -> ",\"file\":" ++ jsonString path ++ ",\"line\":" ++ show line ++ ",\"column\":" ++ show column) file ++ kind)
      , "}}"
      ]
  truth holds = if holds then "true" else "false"

-- | A source: what it takes to go on, what it gives, and the positions that it gives beside it.
data Emits = Emits
  { positionArgument :: Maybe Type
  , itemType :: Type
  , positionType :: Maybe Type
  }

-- | A function is a source whose last argument is a function that takes an item, and its position where it has such, and gives @IO ()@.
emitsOf :: Signature -> Q (Maybe (Either String Emits))
emitsOf signature
  | isIO signature && isUnit (resultType signature), callback : before <- reverse (parameterTypes signature) = do
      taken <- expandSynonyms callback >>= readSignature
      pure $ case (isIO taken && isUnit (resultType taken), parameterTypes taken, before) of
        (True, [item], [position]) -> source (Just position) item Nothing
        (True, [item], []) -> source Nothing item Nothing
        (True, [item, at], [position]) -> source (Just position) item (Just at)
        (True, [item, at], []) -> source Nothing item (Just at)
        (True, _ : _, _) -> Just (Left "a source takes a position or nothing, and a function of an item and perhaps its position")
        _ -> Nothing
  | otherwise = pure Nothing
 where
  source argument item position = Just (Right (Emits argument item position))
  isUnit given = given == TupleT 0 || given == ConT ''()

-- | How a source is begun, and how its items are encoded; Nothing where a type of it is outside.
emittingFrom :: String -> String -> Name -> Shape -> Maybe Shape -> Maybe Shape -> Gather (Maybe Exp)
emittingFrom modul name own item argument position = do
  items <- codecOf item
  arguments <- traverse codecOf argument
  positions <- traverse codecOf position
  told_ <- ackFrom modul name
  case (items, sequence arguments, sequence positions) of
    (Just (Codec _ encoder), Just from, Just at) -> Just <$> lift [|Emitting $(pure encoder) $(start from at) $(pure told_)|]
    _ -> pure Nothing
 where
  start from at = case from of
    Nothing -> [|\_ -> pure (\emit -> $(varE own) $(callback at [|emit|]))|]
    Just (Codec decoder _) -> [|\given -> (\value -> \emit -> $(varE own) value $(callback at [|emit|])) <$> decodePosition $(pure decoder) given|]
  callback at emit = case at of
    Nothing -> [|\one -> $emit Nothing one|]
    Just (Codec _ encoder) -> [|\one place -> $emit (Just (encodePosition $(pure encoder) place)) one|]

-- | The hook that is told what is confirmed, where there is one: it takes a position.
ackFrom :: String -> String -> Gather Exp
ackFrom modul name = do
  found <- lift (lookupValueName (modul ++ "." ++ name ++ ackSuffix))
  kind <- maybe (pure Nothing) (lift . typeOfValue) found
  case (found, kind) of
    (Just hook_, Just known) -> do
      signature <- lift (readSignature known)
      case parameterTypes signature of
        [one] | isIO signature -> do
          codec <- lift (readShape [] one) >>= codecOf
          lift (maybe [|Nothing|] (\(Codec decoder _) -> [|Just (\given -> decodePosition $(pure decoder) (Just given) >>= \at -> () <$ $(varE hook_) at)|]) codec)
        _ -> lift [|Nothing|]
    _ -> lift [|Nothing|]

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
