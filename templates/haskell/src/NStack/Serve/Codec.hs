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
  , schemaOf
  , jsonString
  ) where

import Control.Monad.Trans.Class (lift)
import Control.Monad.Trans.State.Strict (StateT, get, modify', runStateT)
import Data.Bits (shiftL, (.|.))
import qualified Data.ByteString as B
import Data.List (intercalate)
import Data.Map.Strict (Map)
import qualified Data.Map.Strict as Map
import qualified Data.Text as Text
import Data.Text.Encoding (decodeUtf8, encodeUtf8)
import Data.Word (Word8)
import GHC.Exts
import Language.Haskell.TH

import qualified NStack.Decode.Compound as Decode
import NStack.Decode.Decoder
import qualified NStack.Decode.Number as Decode
import NStack.Decode.Record
import NStack.Decode.Skip ()
import qualified NStack.Encode.Compound as Encode
import NStack.Encode.Encoder
import qualified NStack.Encode.Scalar as Encode
import NStack.Serve.Shape

-- | Expressions of a decoder and an encoder of one type.
data Codec = Codec {codecDecoder :: Exp, codecEncoder :: Exp}

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
    [|Decoder (\depth at s -> case Decode.openList depth at s of (# s1, below, inside #) -> $(readParts (zip names parts) [|below|] [|inside|] [|s1|] (tupE (map varE names))))|]
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

-- | A field with its codec, and whether it may be missing.
data Member = Member B.ByteString Bool Codec

fieldCodecs :: [Field] -> Gather (Maybe [Member])
fieldCodecs fields = sequence <$> mapM one fields
 where
  one (Field name _ shape) = fmap (Member (utf8 name) (isOptional shape)) <$> codecOf shape

isOptional :: Shape -> Bool
isOptional (OptionalOf _ _) = True
isOptional (Through _ _ inner) = isOptional inner
isOptional _ = False

utf8 :: String -> B.ByteString
utf8 = encodeUtf8 . Text.pack

recordCodec :: Type -> Name -> [Member] -> Gather Codec
recordCodec _ constructor members = do
  (names, decoder) <- recordDecoder (conE constructor) members
  fields <- lift (mapM (const (newName "field")) members)
  encoder <- lift [|Encoder $(lamE [conP constructor (map varP fields)] [|\sink at s -> $(writeAll (recordPieces (zip fields members)) [|sink|] [|at|] [|s|])|])|]
  pure (Codec (LetE names decoder) encoder)

recordPieces :: [(Name, Member)] -> [Piece]
recordPieces fields =
  concat
    [ [Literal (B.concat [if first then "{" else ",", quotedName name]), Value encoder (varE value)]
    | (first, (value, Member name _ (Codec _ encoder))) <- zip (True : repeat False) fields
    ]
    ++ [Literal (if null fields then "{}" else "}")]

quotedName :: B.ByteString -> B.ByteString
quotedName name = B.concat ["\"", name, "\":"]

-- | The names of the fields, and what reads them: once in their order, and by 'scan' where they stand in another.
recordDecoder :: Q Exp -> [Member] -> Gather ([Dec], Exp)
recordDecoder construct members = lift $ do
  namesName <- newName "names"
  values <- mapM (const (newName "value")) members
  names <- valD (varP namesName) (normalB (nameList [name | Member name _ _ <- members])) []
  let count = fromIntegral (length members)
      result = foldl appE construct (map varE values)
      list_ = varE namesName
      numbered = zip3 [0 ..] values members
      inOrder start slow below at s [] =
        [|
          case close $list_ $(intHash count) $start $below $at $s of
            (# s2, end #)
              | isTrue# (eqAddr# end nullAddr#) -> $slow s2
              | otherwise -> (# s2, end, $result #)
          |]
      inOrder start slow below at s ((index, value, Member name optional (Codec decoder _)) : rest) = do
        let label = quotedName name
            arguments = [list_, intHash index, matching label, intHash (fromIntegral (B.length label)), start, below, at, s]
            call
              | optional = foldl appE [|optionalField $(pure decoder) $(absentOf decoder)|] arguments
              | otherwise = foldl appE [|field $(pure decoder)|] arguments
        [|
          case $call of
            (# s2, next, found #)
              | isTrue# (eqAddr# next nullAddr#) -> $slow s2
              | otherwise -> $(letE [valD (varP value) (normalB [|found|]) []] (inOrder start slow below [|next|] [|s2|] rest))
          |]
      scanned _ _ _ s end [] = [|(# $s, $end, $result #)|]
      scanned start below slots s end ((index, value, Member name optional (Codec decoder _)) : rest) = do
        let call
              | optional = [|optionalSlot $(pure decoder) $(absentOf decoder) $(intHash index) $below $slots $s|]
              | otherwise = [|slot $(pure decoder) (Text.pack $(stringE (Text.unpack (decoded name)))) $(intHash index) $start $below $slots $s|]
        [|case $call of (# s2, found #) -> $(letE [valD (varP value) (normalB [|found|]) []] (scanned start below slots [|s2|] end rest))|]
  decoder <-
    [|
      Decoder
        ( \depth at s -> case enter depth at s of
            -- By a lambda and not by a let, whose inferred type would need UnboxedTuples in the generated module.
            (# s1, below, start #) ->
              (\slow -> $(inOrder [|start|] [|slow|] [|below|] [|start|] [|s1|] numbered))
                ( \s0 -> case scan $list_ below start s0 of
                    (# s2, slots, end #) -> $(scanned [|start|] [|below|] [|slots|] [|s2|] [|end|] numbered)
                )
        )
      |]
  pure ([names], decoder)
 where
  decoded = decodeUtf8

-- | The value of an optional field that is missing: what its decoder makes of null, which is Nothing behind any newtypes.
absentOf :: Exp -> Q Exp
absentOf decoder = case decoder of
  AppE (AppE (VarE _) constructor) inner | not (isOptionalDecoder decoder) -> appE (pure constructor) (absentOf inner)
  _ -> [|Nothing|]
 where
  isOptionalDecoder (AppE (VarE name) _) = name == 'Decode.optional
  isOptionalDecoder _ = False

nameList :: [B.ByteString] -> Q Exp
nameList names = sigE (listE [[|Key $(litE (stringPrimL (B.unpack name))) $(intHash (fromIntegral (B.length name)))|] | name <- names]) [t|Keys|]

intHash :: Integer -> Q Exp
intHash = litE . intPrimL

-- | Whether some bytes are at an address, eight at a time.
matching :: B.ByteString -> Q Exp
matching label = [|\at -> $(conjunction [|at|] (chunks label))|]
 where
  conjunction at [only] = same at only
  conjunction at (first : rest) = [|case $(same at first) of 0# -> 0#; _ -> $(conjunction at rest)|]
  conjunction _ [] = [|1#|]
  same at (offset, bytes)
    | B.length bytes == 8 = [|eqWord# (wordAt $at $(intHash offset)) $(wordHash (word bytes))|]
    | otherwise = [|eqWord# (and# (wordAt $at $(intHash offset)) $(wordHash (word (B.map (const 0xFF) bytes)))) $(wordHash (word bytes))|]

wordHash :: Integer -> Q Exp
wordHash = litE . wordPrimL

-- | The bytes as the processor reads them: the first is the lowest.
word :: B.ByteString -> Integer
word = B.foldr (\byte rest -> (rest `shiftL` 8) .|. toInteger (byte :: Word8)) 0

chunks :: B.ByteString -> [(Integer, B.ByteString)]
chunks = go 0
 where
  go offset bytes
    | B.null bytes = []
    | otherwise = (offset, B.take 8 bytes) : go (offset + 8) (B.drop 8 bytes)

-- | What an encoder writes: bytes, or a value by an encoder.
data Piece = Literal B.ByteString | Value Exp (Q Exp)

writeAll :: [Piece] -> Q Exp -> Q Exp -> Q Exp -> Q Exp
writeAll [] _ at s = [|(# $s, $at #)|]
writeAll (Literal bytes : rest) sink at s =
  [|
    case ensure $sink $(intHash size) $at $s of
      (# s1, to #) -> $(stores (chunks bytes) [|to|] [|s1|])
    |]
 where
  size = fromIntegral (B.length bytes)
  -- The last store may write more bytes than there are: what comes next is written over them.
  stores [] to s1 = writeAll rest sink [|plusAddr# $to $(intHash size)|] s1
  stores ((offset, part) : more) to s1 =
    [|case putWord $to $(intHash offset) $(wordHash (word part)) $s1 of s2 -> $(stores more to [|s2|])|]
writeAll (Value encoder value : rest) sink at s =
  [|
    case $(pure encoder) of
      Encoder run -> case run $value $sink $at $s of
        (# s1, next #) -> $(writeAll rest sink [|next|] [|s1|])
    |]

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
    names <- valD (varP namesName) (normalB (nameList (map label cases))) []
    bodies <- newNames
    let definitions_ = [valD (varP name) (normalB (sigE (pure decoder) [t|Decoder $(pure whole)|])) [] | (name, decoder) <- zip bodies payloads]
        select chosen = caseE chosen ([match (litP (intPrimL n)) (normalB (varE name)) [] | (n, name) <- zip [0 ..] (init bodies)] ++ [match wildP (normalB (varE (last bodies))) []])
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
    RecordCase name members -> uncurry LetE <$> recordDecoder (conE name) members
    ArgumentCase name (Codec decoder _) -> lift [|fmap $(conE name) $(pure decoder)|]
    AloneCase name -> lift [|fmap (const $(conE name)) Decode.unit|]
  alternative one = do
    let opening = Literal (B.concat ["{", quotedName (label one)])
        body patterns constructor parts = match (conP constructor patterns) (normalB [|\sink at s -> $(writeAll ([opening] ++ parts ++ [Literal "}"]) [|sink|] [|at|] [|s|])|]) []
    case one of
      RecordCase name members -> do
        fields <- mapM (const (newName "field")) members
        body (map varP fields) name (recordPieces (zip fields members))
      ArgumentCase name (Codec _ encoder) -> do
        value <- newName "value"
        body [varP value] name [Value encoder (varE value)]
      AloneCase name -> body [] name [Literal "null"]

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
