{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE TemplateHaskell #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Generates decoders and encoders: plain code for one type each, without classes, and without a tree in between.
module NStack.Serve.Codec
  ( Codec (..)
  , Gathered
  , Gather
  , runGather
  , codecOf
  ) where

import Control.Monad.Trans.Class (lift)
import Control.Monad.Trans.State.Strict (StateT, get, modify', runStateT)
import qualified Data.ByteString as B
import Data.Map.Strict (Map)
import qualified Data.Map.Strict as Map
import qualified Data.Text as Text
import Language.Haskell.TH

import qualified NStack.Decode.Compound as Decode
import NStack.Decode.Decoder
import qualified NStack.Decode.Number as Decode
import NStack.Decode.Record (closeCase, oneCase)
import qualified NStack.Encode.Compound as Encode
import NStack.Encode.Encoder
import qualified NStack.Encode.Scalar as Encode
import NStack.Serve.Record
import NStack.Serve.Shape
import NStack.Serve.Write

-- | Records and sums have codecs of their own, each generated once.
data Gathered = Gathered {known :: Map Type Codec, definitions :: [Dec]}

type Gather = StateT Gathered Q

-- | A result, and the definitions that it needs.
runGather :: Gather a -> Q (a, [Dec])
runGather gather = do
  (result, gathered) <- runStateT gather (Gathered Map.empty [])
  pure (result, definitions gathered)

-- | Nothing where some part of the type is outside the type language.
codecOf :: Shape -> Gather (Maybe Codec)
codecOf shape = case shape of
  Plain _ decoder encoder -> done (Codec (VarE decoder) (VarE encoder))
  Bounded name -> do
    decoder <- lift [|Decode.bounded (Text.pack $(stringE (nameBase name))) :: Decoder $(conT name)|]
    encoder <- lift [|Encode.integral :: Encoder $(conT name)|]
    done (Codec decoder encoder)
  ListOf conversion _ item -> converted conversion =<< around 'Decode.list 'Encode.list item
  MapOf conversion _ item -> converted conversion =<< around 'Decode.mapOf 'Encode.mapOf item
  OptionalOf _ item -> around 'Decode.optional 'Encode.optional item
  TupleOf parts -> do
    codecs <- mapM (codecOf . snd) parts
    traverse (tupleCodec . zip (map fst parts)) (sequence codecs)
  Through constructor _ item -> do
    inner <- codecOf item
    traverse (through constructor) inner
  Record whole constructor fields -> once whole $ do
    codecs <- fieldCodecs fields
    traverse (recordCodec whole constructor) codecs
  Sum whole _ cases -> once whole $ do
    codecs <- mapM caseCodec cases
    traverse (sumCodec whole) (sequence codecs)
  Unsupported _ -> pure Nothing
 where
  done = pure . Just
  around decoder encoder item = do
    inner <- codecOf item
    pure ((\(Codec d e) -> Codec (AppE (VarE decoder) d) (AppE (VarE encoder) e)) <$> inner)

converted :: Maybe (Name, Name) -> Maybe Codec -> Gather (Maybe Codec)
converted (Just (from, to)) (Just (Codec decoder encoder)) = lift $ do
  d <- [|fmap $(varE from) $(pure decoder)|]
  e <- [|contramap $(varE to) $(pure encoder)|]
  pure (Just (Codec d e))
converted _ codec = pure codec

through :: Name -> Codec -> Gather Codec
through constructor (Codec decoder encoder) = lift $ do
  d <- [|fmap $(conE constructor) $(pure decoder)|]
  inner <- newName "inner"
  e <- [|contramap $(lamE [conP constructor [varP inner]] (varE inner)) $(pure encoder)|]
  pure (Codec d e)

-- | Defines a codec under a name, unless it is there.
once :: Type -> Gather (Maybe Codec) -> Gather (Maybe Codec)
once whole make = do
  before <- get
  case Map.lookup whole (known before) of
    Just codec -> pure (Just codec)
    Nothing -> make >>= traverse define
 where
  define (Codec decoder encoder) = do
    d <- lift (newName "decode")
    e <- lift (newName "encode")
    decoderType <- lift [t|Decoder $(pure whole)|]
    encoderType <- lift [t|Encoder $(pure whole)|]
    let codec = Codec (VarE d) (VarE e)
        -- Inlining them where they are used makes much code and none of it faster.
        pragmas = [PragmaD (InlineP name NoInline FunLike AllPhases) | name <- [d, e]]
        value name body = ValD (VarP name) (NormalB body) []
    modify' $ \gathered ->
      gathered
        { known = Map.insert whole codec (known gathered)
        , definitions = [SigD d decoderType, value d decoder, SigD e encoderType, value e encoder] ++ pragmas ++ definitions gathered
        }
    pure codec

-- | A tuple is a list of its parts.
tupleCodec :: [(Type, Codec)] -> Gather Codec
tupleCodec parts = lift $ do
  names <- mapM (const (newName "part")) parts
  decoder <-
    [|
      Decoder
        ( \depth at s -> case Decode.openList depth at s of
            (# s1, below, inside #) -> $(readParts (zip names parts) [|below|] [|inside|] [|s1|] (tupE (map varE names)))
        )
      |]
  encoder <-
    [|Encoder $(lamE [tupP (map varP names)] [|\sink at s -> $(writeAll (pieces names) [|sink|] [|at|] [|s|])|])|]
  pure (Codec decoder encoder)
 where
  size = length parts
  readParts [] _ at s result = [|case Decode.closeList size $at $s of (# s2, end #) -> (# s2, end, $result #)|]
  readParts ((name, (_, Codec decoder _)) : rest) below at s result =
    [|
      case $(pure decoder) of
        Decoder run -> case run $below $at $s of
          (# s2, next, part #) ->
            $( letE [valD (varP name) (normalB [|part|]) []] $ case rest of
                 [] -> readParts [] below [|next|] [|s2|] result
                 _ -> [|case Decode.comma size next s2 of (# s3, after #) -> $(readParts rest below [|after|] [|s3|] result)|]
             )
      |]
  pieces names =
    concat
      [ [Literal (if first then "[" else ","), Value encoder (varE name)]
      | (first, name, (_, Codec _ encoder)) <- zip3 (True : repeat False) names parts
      ]
      ++ [Literal "]"]

fieldCodecs :: [Field] -> Gather (Maybe [Member])
fieldCodecs fields = sequence <$> mapM one fields
 where
  one (Field name _ shape) = fmap (Member (utf8 name) (isOptional shape)) <$> codecOf shape

recordCodec :: Type -> Name -> [Member] -> Gather Codec
recordCodec _ constructor members = do
  (names, decoder) <- lift (recordDecoder (conE constructor) members)
  fields <- lift (mapM (const (newName "field")) members)
  let body = [|\sink at s -> $(writeAll (recordPieces (zip fields members)) [|sink|] [|at|] [|s|])|]
  encoder <- lift [|Encoder $(lamE [conP constructor (map varP fields)] body)|]
  pure (Codec (LetE names decoder) encoder)

-- | A case with its codec.
data CaseCodec
  = RecordCase Name [Member]
  | ArgumentCase Name Codec
  | AloneCase Name

caseCodec :: Case -> Gather (Maybe CaseCodec)
caseCodec one = case one of
  Fields name fields -> fmap (RecordCase name) <$> fieldCodecs fields
  Argument name _ shape -> fmap (ArgumentCase name) <$> codecOf shape
  Alone name -> pure (Just (AloneCase name))
  Wrong _ _ -> pure Nothing

-- | An object whose one key is the name of the case.
sumCodec :: Type -> [CaseCodec] -> Gather Codec
sumCodec whole cases = do
  payloads <- mapM payload cases
  lift $ do
    namesName <- newName "names"
    names <- valD (varP namesName) (normalB (keyList (map label cases))) []
    bodies <- newNames
    let definitions_ = [valD (varP name) (normalB (sigE (pure decoder) [t|Decoder $(pure whole)|])) [] | (name, decoder) <- zip bodies payloads]
        choice pattern_ name = match pattern_ (normalB (varE name)) []
        select chosen = caseE chosen ([choice (litP (intPrimL n)) name | (n, name) <- zip [0 ..] (init bodies)] ++ [choice wildP (last bodies)])
    decoder <-
      [|
        Decoder
          ( \depth at s -> case oneCase $(varE namesName) depth at s of
              (# s1, below, index, value #) -> case $(select [|index|]) of
                Decoder run -> case run below value s1 of
                  (# s2, next, found #) -> case closeCase next s2 of
                    (# s3, end #) -> (# s3, end, found #)
          )
        |]
    inner <- sequence definitions_
    encoder <- [|Encoder $(lamCaseE (map alternative cases))|]
    pure (Codec (LetE (names : inner) decoder) encoder)
 where
  newNames = mapM (const (newName "payload")) cases
  label one = utf8 . nameBase $ case one of
    RecordCase name _ -> name
    ArgumentCase name _ -> name
    AloneCase name -> name
  payload one = case one of
    RecordCase name members -> lift (uncurry LetE <$> recordDecoder (conE name) members)
    ArgumentCase name (Codec decoder _) -> lift [|fmap $(conE name) $(pure decoder)|]
    AloneCase name -> lift [|fmap (const $(conE name)) Decode.unit|]
  alternative one = do
    let opening = Literal (B.concat ["{", quotedName (label one)])
        write parts = [|\sink at s -> $(writeAll ([opening] ++ parts ++ [Literal "}"]) [|sink|] [|at|] [|s|])|]
        body patterns constructor parts = match (conP constructor patterns) (normalB (write parts)) []
    case one of
      RecordCase name members -> do
        fields <- mapM (const (newName "field")) members
        body (map varP fields) name (recordPieces (zip fields members))
      ArgumentCase name (Codec _ encoder) -> do
        value <- newName "value"
        body [varP value] name [Value encoder (varE value)]
      AloneCase name -> body [] name [Literal "null"]

