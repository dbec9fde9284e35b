{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Values as they are written, but for escapes that need not be, and for members of objects that another one of the same name
-- replaces.
module NStack.Decode.LastKeys (lastKeys) where

import qualified Data.ByteString as B
import qualified Data.ByteString.Unsafe as B
import Data.List (intersperse)
import qualified Data.Map.Strict as Map
import Data.Text (Text)
import GHC.Exts
import GHC.IO (IO (..), unsafeDupablePerformIO)

import NStack.Decode.Compound (list, pairs)
import NStack.Decode.Decoder
import NStack.Decode.Skip (skipValue)
import NStack.Decode.Text (text)
import NStack.Encode.Encoder (rendered)
import qualified NStack.Encode.Scalar as Encode

-- | A value without what does not count, which may be anything: a number beyond all limits, another type.
lastKeys :: Decoder B.ByteString
lastKeys = B.concat <$> parts

-- | Its bytes in pieces, so that no piece is copied once for each level.
parts :: Decoder [B.ByteString]
parts = Decoder $ \depth at0 s -> case skipSpace at0 of
  at -> case byteAt at 0# of
    0x7B -> case object_ of Decoder run -> run depth at s
    0x5B -> case list_ of Decoder run -> run depth at s
    0x22 -> case text_ of Decoder run -> run depth at s
    _ -> case skipValue depth at s of
      (# s1, next #) -> case B.unsafePackCStringLen (Ptr at, I# (minusAddr# next at)) of
        IO copy -> case copy s1 of (# s2, bytes #) -> (# s2, next, [bytes] #)
 where
  -- Signs that were escaped without need may be what the decoder did not know.
  text_ = pure . quoted <$> text
  list_ = (\items -> enclosed "[" items "]") <$> list parts
  object_ = (\members -> enclosed "{" (map named (Map.toList (Map.fromList members))) "}") <$> pairs parts
  named (name, value) = quoted name : ":" : value
  enclosed open items close = open : concat (intersperse [","] items) ++ [close]

quoted :: Text -> B.ByteString
quoted name = unsafeDupablePerformIO (rendered Encode.text name)
