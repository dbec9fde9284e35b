{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Timestamps, to the microsecond.
module NStack.Encode.Timestamp
  ( timestamp
  , zonedTimestamp
  ) where

import Data.Fixed (Fixed (MkFixed))
import Data.Time.Calendar (Day (ModifiedJulianDay))
import Data.Time.Clock (UTCTime (..), diffTimeToPicoseconds)
import Data.Time.LocalTime (LocalTime (..), TimeOfDay (..), TimeZone (..), ZonedTime (..))
import GHC.Exts

import NStack.Encode.Encoder

timestamp :: Encoder UTCTime
timestamp = Encoder $ \(UTCTime (ModifiedJulianDay day) time) -> write day (diffTimeToPicoseconds time `div` 1000000) 0

zonedTimestamp :: Encoder ZonedTime
zonedTimestamp = Encoder $ \(ZonedTime (LocalTime (ModifiedJulianDay day) (TimeOfDay hour minute (MkFixed picos))) zone) ->
  write day (toInteger (hour * 60 + minute) * 60000000 + picos `div` 1000000) (timeZoneMinutes zone)

-- | A day, a microsecond of it (a leap second is one of the next day), and the offset in minutes.
write :: Integer -> Integer -> Int -> Sink -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
write day0 micros0 offset sink at0 s0
  | day < -678575 || day > 2973483 = hidden "a Timestamp is of the years 1 to 9999" s0
  | abs offset >= 1440 = hidden "the offset of a Timestamp is below 24 hours" s0
  | otherwise = case ensure sink 36# at0 s0 of
      (# s1, at #) -> case steps (date ++ fraction ++ zone) at s1 of (# s2, end #) -> (# s2, end #)
 where
  (over, rest) = micros0 `divMod` 86400000000
  day = day0 + over
  micros = fromInteger rest :: Int
  (year, month, dayOfMonth) = civil (fromInteger day)
  (seconds, part) = micros `quotRem` 1000000
  (minutes, second) = seconds `quotRem` 60
  (hour, minute) = minutes `quotRem` 60
  date =
    [ Byte 0x22, Pair (year `quot` 100), Pair (year `rem` 100), Byte 0x2D, Pair month, Byte 0x2D, Pair dayOfMonth, Byte 0x54
    , Pair hour, Byte 0x3A, Pair minute, Byte 0x3A, Pair second
    ]
  fraction
    | part == 0 = []
    | otherwise = [Byte 0x2E, Pair (part `quot` 10000), Pair (part `quot` 100 `rem` 100), Pair (part `rem` 100)]
  zone
    | offset == 0 = [Byte 0x5A, Byte 0x22]
    | otherwise = [Byte (if offset < 0 then 0x2D else 0x2B), Pair (abs offset `quot` 60), Byte 0x3A, Pair (abs offset `rem` 60), Byte 0x22]

-- | A byte, or two digits.
data Step = Byte !Word | Pair !Int

steps :: [Step] -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
steps [] at s = (# s, at #)
steps (Byte byte : rest) at s = case putByte at byte s of (# s1, next #) -> steps rest next s1
steps (Pair n : rest) at s = case putByte at (0x30 + fromIntegral (n `quot` 10)) s of
  (# s1, next #) -> case putByte next (0x30 + fromIntegral (n `rem` 10)) s1 of (# s2, after #) -> steps rest after s2

-- | Year, month and day of a modified Julian day (Howard Hinnant, chrono-compatible low-level date algorithms).
civil :: Int -> (Int, Int, Int)
civil mjd = (if month <= 2 then year + 1 else year, month, day)
 where
  z = mjd - 40587 + 719468
  era = z `div` 146097
  dayOfEra = z - era * 146097
  yearOfEra = (dayOfEra - dayOfEra `quot` 1460 + dayOfEra `quot` 36524 - dayOfEra `quot` 146096) `quot` 365
  year = yearOfEra + era * 400
  dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra `quot` 4 - yearOfEra `quot` 100)
  shifted = (5 * dayOfYear + 2) `quot` 153
  day = dayOfYear - (153 * shifted + 2) `quot` 5 + 1
  month = if shifted < 10 then shifted + 3 else shifted - 9
