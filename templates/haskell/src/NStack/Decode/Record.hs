{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Records and sums, which "NStack.Serve.Codec" generates decoders of.
--
-- Fields are expected in the order in which they are declared, and compared as bytes; unknown ones are stepped over. Where they
-- stand in another order, or one comes twice, the record is read again from its beginning: 'scan' notes where the value of each
-- field is, the last one of each. A careful reading ('carefulDepth') begins with that.
module NStack.Decode.Record
  ( Key (..)
  , Keys
  , enter
  , field
  , optionalField
  , close
  , scan
  , Slots
  , slot
  , optionalSlot
  , slotAddress
  , oneCase
  , closeCase
  ) where

import Data.Text (Text)
import qualified Data.Text as Text
import Data.Word (Word8)
import GHC.Exts

import NStack.Decode.Decoder
import NStack.Decode.Skip
import NStack.Decode.Text

-- | The bytes of a field's or case's name, and how many they are.
data Key = Key Addr# Int#

type Keys = [Key]

nameText :: Key -> Text
nameText (Key at _) = Text.pack (unpackCStringUtf8# at)

-- | Into the braces of an object: to behind the first of them.
enter :: Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Int#, Addr# #)
enter depth at0 s = case skipSpace at0 of
  at
    | byteAt at 0# == 0x7B -> case deeper depth at s of (# s1, below #) -> (# s1, below, plusAddr# at 1# #)
    | otherwise -> case wrong at s of (# s1, _, none #) -> none `seq` (# s1, 0#, at #)
 where
  wrong :: Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, () #)
  wrong = expected "an object"
{-# INLINE enter #-}

-- | The next field: the address behind its value, and the value. The address is null where the record has to be scanned.
--
-- `matches` says whether the name with its quotes and colon, `size` bytes, is at an address; `start` is the inside of the record.
field
  :: Decoder a -> Keys -> Int# -> (Addr# -> Int#) -> Int# -> Addr#
  -> Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, a #)
field (Decoder run) names index matches size start depth at s
  | isTrue# (eqAddr# here nullAddr#) || isTrue# (matches here ==# 0#) = case seek names index start depth at s of
      (# s1, 0#, value #) -> run depth value s1
      (# s1, _, _ #) -> (# s1, nullAddr#, nothing #)
  | otherwise = run depth (plusAddr# here size) s
 where
  here = nameAt start at
{-# INLINE field #-}

-- | The same of a field that may be missing.
optionalField
  :: Decoder a -> a -> Keys -> Int# -> (Addr# -> Int#) -> Int# -> Addr#
  -> Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, a #)
optionalField (Decoder run) absent names index matches size start depth at s
  | isTrue# (eqAddr# here nullAddr#) || isTrue# (matches here ==# 0#) = case seek names index start depth at s of
      (# s1, 0#, value #) -> run depth value s1
      (# s1, 1#, next #) -> (# s1, next, absent #)
      (# s1, _, _ #) -> (# s1, nullAddr#, absent #)
  | otherwise = run depth (plusAddr# here size) s
 where
  here = nameAt start at
{-# INLINE optionalField #-}

nothing :: a
nothing = errorWithoutStackTrace "a value behind the null address"
{-# NOINLINE nothing #-}

-- | Where the next name begins, if no white space is in between; else null.
nameAt :: Addr# -> Addr# -> Addr#
nameAt start at
  | isTrue# (eqAddr# start at) = at
  | byteAt at 0# == 0x2C = plusAddr# at 1#
  | otherwise = nullAddr#
{-# INLINE nameAt #-}

-- | Out of the record: the address behind it, or null where it has to be scanned.
close :: Keys -> Int# -> Addr# -> Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
close names count start depth at s
  | byteAt at 0# == 0x7D = (# s, plusAddr# at 1# #)
  | otherwise = case seek names count start depth at s of
      (# s1, 1#, end #) -> (# s1, plusAddr# end 1# #)
      (# s1, _, _ #) -> (# s1, nullAddr# #)
{-# INLINE close #-}

-- | Looks for a field behind unknown ones. 0: its value is at that address. 1: it is not there, and a later one or the closing
-- brace is next. 2: some other order.
seek :: Keys -> Int# -> Addr# -> Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Int#, Addr# #)
seek names index start depth = go
 where
  go at s = case skipSpace at of
    here
      | byteAt here 0# == 0x7D -> (# s, 1#, here #)
      | isTrue# (eqAddr# at start) -> member at here s
      | byteAt here 0# == 0x2C -> member at (skipSpace (plusAddr# here 1#)) s
      | otherwise -> (# s, 2#, here #)
  member at here s
    | byteAt here 0# /= 0x22 = (# s, 2#, here #)
    | otherwise = case plainEnd (plusAddr# here 1#) of
        quote
          | byteAt quote 0# /= 0x22 -> (# s, 2#, here #)
          | otherwise -> case skipSpace (plusAddr# quote 1#) of
              colon
                | byteAt colon 0# /= 0x3A -> (# s, 2#, here #)
                | otherwise -> case indexOf names (plusAddr# here 1#) quote of
                    -1# -> case skipValue depth (plusAddr# colon 1#) s of (# s1, after #) -> go after s1
                    found
                      | isTrue# (found ==# index) -> (# s, 0#, plusAddr# colon 1# #)
                      | isTrue# (found ># index) -> (# s, 1#, at #)
                      | otherwise -> (# s, 2#, here #)
{-# NOINLINE seek #-}

-- | Which of the names stands between two addresses, or -1.
indexOf :: Keys -> Addr# -> Addr# -> Int#
indexOf names begin end = go names 0#
 where
  size = minusAddr# end begin
  go [] _ = -1#
  go (Key at length_ : rest) n
    | isTrue# (length_ ==# size) && same at 0# = n
    | otherwise = go rest (n +# 1#)
  same at i
    | isTrue# (i ==# size) = True
    | byteAt at i == byteAt begin i = same at (i +# 1#)
    | otherwise = False

-- | Where the values of a record's fields are: addresses, null for a field that is missing.
data Slots = Slots ByteArray#

-- | Where each field's last value is, from the inside of a record; and the address behind the record.
scan :: Keys -> Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Slots, Addr# #)
scan names depth start s0 = case newByteArray# (count *# 8#) s0 of
  (# s1, slots #) -> case setByteArray# slots 0# (count *# 8#) 0# s1 of
    s2 -> case members slots start s2 of
      (# s3, end #) -> case unsafeFreezeByteArray# slots s3 of
        (# s4, frozen #) -> (# s4, Slots frozen, end #)
 where
  !(I# count) = length names
  members slots at s = case skipSpace at of
    here
      | byteAt here 0# == 0x7D, isTrue# (eqAddr# at start) -> (# s, plusAddr# here 1# #)
      | otherwise -> case nameBetween here s of
          (# s1, named, index #) -> case skipSpace named of
            colon
              | byteAt colon 0# /= 0x3A -> malformed "no colon after a name" colon s1
              | otherwise -> case note slots index (plusAddr# colon 1#) s1 of
                  s2 -> case skipValue depth (plusAddr# colon 1#) s2 of
                    (# s3, after #) -> case skipSpace after of
                      next -> case byteAt next 0# of
                        0x2C -> members slots (plusAddr# next 1#) s3
                        0x7D -> (# s3, plusAddr# next 1# #)
                        _ -> malformed "no end of an object" next s3
  note slots index at s
    | isTrue# (index <# 0#) = s
    | otherwise = writeAddrArray# slots index at s
  nameBetween at s
    | byteAt at 0# /= 0x22 = case malformed "no name of a member" at s of (# s1, next #) -> (# s1, next, -1# #)
    | otherwise = nameIndex names at s
{-# NOINLINE scan #-}

-- | From the quote before a name: the address behind it, and its index or -1.
nameIndex :: Keys -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, Int# #)
nameIndex names at s = case plainEnd (plusAddr# at 1#) of
  quote
    | byteAt quote 0# == 0x22 -> (# s, plusAddr# quote 1#, indexOf names (plusAddr# at 1#) quote #)
    | otherwise -> case text of
        Decoder run -> case run 0# at s of
          (# s1, next, name #) -> case lookup name (zip (map nameText names) [0 ..]) of
            Just (I# index) -> (# s1, next, index #)
            Nothing -> (# s1, next, -1# #)

-- | The value of a scanned field; `start` is the inside of the record.
slot :: Decoder a -> Text -> Int# -> Addr# -> Int# -> Slots -> State# RealWorld -> (# State# RealWorld, a #)
slot (Decoder run) name index start depth (Slots slots) s = case indexAddrArray# slots index of
  at
    | isTrue# (eqAddr# at nullAddr#) -> case missing s of (# s1, _, none #) -> (# s1, none #)
    | otherwise -> case run depth at s of (# s1, _, value #) -> (# s1, value #)
 where
  missing = misfit (Text.append "no field " name) (plusAddr# start -1#)

optionalSlot :: Decoder a -> a -> Int# -> Int# -> Slots -> State# RealWorld -> (# State# RealWorld, a #)
optionalSlot (Decoder run) absent index depth (Slots slots) s = case indexAddrArray# slots index of
  at
    | isTrue# (eqAddr# at nullAddr#) -> (# s, absent #)
    | otherwise -> case run depth at s of (# s1, _, value #) -> (# s1, value #)

-- | Where a scanned field's value is.
slotAddress :: Slots -> Int -> Maybe (Ptr Word8)
slotAddress (Slots slots) (I# index) = case indexAddrArray# slots index of
  at
    | isTrue# (eqAddr# at nullAddr#) -> Nothing
    | otherwise -> Just (Ptr at)

-- | Which case of a sum an object holds, and where its payload is. Where its name comes twice, a careful reading goes to the last
-- payload; another one finds out in 'closeCase'.
oneCase :: Keys -> Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Int#, Int#, Addr# #)
oneCase names depth at s = case enter depth at s of
  (# s1, below, start #) -> caseAt -1# below start s1
 where
  -- The case that stands there, of which one may have come before.
  caseAt before below start s1 = case skipSpace start of
    here
      | byteAt here 0# == 0x7D -> fails "none" here s1
      | byteAt here 0# /= 0x22 -> case malformed "no name of a member" here s1 of (# s2, next #) -> (# s2, 0#, 0#, next #)
      | otherwise -> case nameIndex names here s1 of
          (# s2, _, -1# #) -> fails "an unknown one" here s2
          (# s2, named, index #) -> case skipSpace named of
            colon
              | byteAt colon 0# /= 0x3A -> case malformed "no colon after a name" colon s2 of (# s3, next #) -> (# s3, 0#, 0#, next #)
              | isTrue# (before >=# 0#), isTrue# (before /=# index) -> fails "several" here s2
              | isCareful below -> lastCase index below (plusAddr# colon 1#) s2
              | otherwise -> (# s2, below, index, plusAddr# colon 1# #)
  lastCase index below payload s1 = case skipValue below payload s1 of
    (# s2, end #) -> case skipSpace end of
      next
        | byteAt next 0# == 0x2C -> caseAt index below (plusAddr# next 1#) s2
        | otherwise -> (# s2, below, index, payload #)
  fails found here s1 = case wrong found here s1 of (# s2, _, none #) -> none `seq` (# s2, 0#, 0#, here #)
  wrong :: Text -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, () #)
  wrong found = misfit (Text.concat ["expected one case of ", Text.intercalate ", " (map nameText names), ", found ", found])
{-# NOINLINE oneCase #-}

-- | Out of the object of a sum.
closeCase :: Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
closeCase at s = case skipSpace at of
  next
    | byteAt next 0# == 0x7D -> (# s, plusAddr# next 1# #)
    | otherwise -> case wrong next s of (# s1, _, none #) -> none `seq` (# s1, next #)
 where
  wrong :: Addr# -> State# RealWorld -> (# State# RealWorld, Addr#, () #)
  wrong = misfit "expected one case of a sum, found more"
