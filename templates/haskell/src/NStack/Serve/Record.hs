{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE TemplateHaskell #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Generates decoders and encoders of a record's fields.
module NStack.Serve.Record
  ( Codec (..)
  , Member (..)
  , recordDecoder
  , recordPieces
  ) where

import qualified Data.ByteString as B
import qualified Data.Text as Text
import Data.Text.Encoding (decodeUtf8)
import GHC.Exts
import Language.Haskell.TH

import qualified NStack.Decode.Compound as Decode
import NStack.Decode.Decoder
import NStack.Decode.Record
import NStack.Serve.Write

-- | Expressions of a decoder and an encoder of one type.
data Codec = Codec {codecDecoder :: Exp, codecEncoder :: Exp}

-- | A field with its codec, and whether it may be missing.
data Member = Member B.ByteString Bool Codec

recordPieces :: [(Name, Member)] -> [Piece]
recordPieces fields =
  concat
    [ [Literal (B.concat [if first then "{" else ",", quotedName name]), Value encoder (varE value)]
    | (first, (value, Member name _ (Codec _ encoder))) <- zip (True : repeat False) fields
    ]
    ++ [Literal (if null fields then "{}" else "}")]

-- | The names of the fields, and what reads them: once in their order, and by 'scan' where they stand in another.
recordDecoder :: Q Exp -> [Member] -> Q ([Dec], Exp)
recordDecoder construct members = do
  namesName <- newName "names"
  values <- mapM (const (newName "value")) members
  names <- valD (varP namesName) (normalB (keyList [name | Member name _ _ <- members])) []
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
              (\slow -> if isCareful below then slow s1 else $(inOrder [|start|] [|slow|] [|below|] [|start|] [|s1|] numbered))
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
