{-# LANGUAGE OverloadedStrings #-}

-- | The envelope of a block as the hub writes it, recognised by its bytes.
module NStack.Service.Envelope (envelopeOf) where

import qualified Data.ByteString as B
import qualified Data.ByteString.Char8 as C
import qualified Data.ByteString.Unsafe as B

-- | The id, the function's name, whether it stops at a failure, and where the items begin.
envelopeOf :: B.ByteString -> Maybe (Int, B.ByteString, Bool, Int)
envelopeOf bytes
  | opening `B.isPrefixOf` bytes
  , (digits, rest) <- C.span (\char -> char >= '0' && char <= '9') (B.unsafeDrop (B.length opening) bytes)
  , not (B.null digits) && B.length digits < 16 && (B.length digits == 1 || B.unsafeHead digits /= 0x30)
  , Just (identity, _) <- C.readInt digits
  , method `B.isPrefixOf` rest
  , (name, items) <- B.span (/= 0x22) (B.unsafeDrop (B.length method) rest)
  , Just (stops, word) <- wordOf items =
      Just (identity, name, stops, B.length bytes - B.length items + B.length word - 1)
  | otherwise = Nothing
 where
  wordOf items
    | itemsWord `B.isPrefixOf` items = Just (False, itemsWord)
    | stoppingWord `B.isPrefixOf` items = Just (True, stoppingWord)
    | otherwise = Nothing
  opening = "{\"jsonrpc\":\"2.0\",\"id\":"
  method = ",\"method\":\"$/block\",\"params\":{\"function\":\""
  itemsWord = "\",\"items\":["
  stoppingWord = "\",\"stopAtFailure\":true,\"items\":["
