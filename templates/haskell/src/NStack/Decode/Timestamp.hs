{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | Timestamps: RFC 3339 with an offset, cut to microseconds.
module NStack.Decode.Timestamp
  ( timestamp
  , zonedTimestamp
  ) where

import Data.Fixed (Fixed (MkFixed))
import Data.Time.Calendar (Day (ModifiedJulianDay))
import Data.Time.Clock (UTCTime (..), picosecondsToDiffTime)
import Data.Time.LocalTime (LocalTime (..), TimeOfDay (..), TimeZone (..), ZonedTime (..))
import Data.Word (Word8)
import GHC.Exts

import NStack.Decode.Bytes (quoted)
import NStack.Decode.Decoder

-- | The moment; the offset is not kept.
timestamp :: Decoder UTCTime
timestamp = quoted "Timestamp (RFC 3339 with an offset)" $ \begin end -> toUtc <$> moment (Ptr begin) (I# (minusAddr# end begin))

-- | The local time and its offset, as they are written.
zonedTimestamp :: Decoder ZonedTime
zonedTimestamp = quoted "Timestamp (RFC 3339 with an offset)" $ \begin end -> toZoned <$> moment (Ptr begin) (I# (minusAddr# end begin))

-- | Local day (modified Julian), microsecond of that day, offset in minutes.
data Moment = Moment !Int !Int !Int

toUtc :: Moment -> UTCTime
toUtc (Moment day micros offset) = UTCTime (ModifiedJulianDay $! toInteger (day + days)) $! picosecondsToDiffTime (toInteger rest * 1000000)
 where
  (days, rest) = (micros - offset * 60000000) `divMod` 86400000000

toZoned :: Moment -> ZonedTime
toZoned (Moment day micros offset) = ZonedTime (LocalTime (ModifiedJulianDay $! toInteger day) time) zone
 where
  (minutes, left) = micros `divMod` 60000000
  (hour, minute) = minutes `divMod` 60
  !time = TimeOfDay hour minute (MkFixed (toInteger left * 1000000))
  !zone = TimeZone offset False ""

moment :: Ptr Word8 -> Int -> Maybe Moment
moment (Ptr at) size
  | size < 20 || any (< 0) [year, month, day, hour, minute, second] = Nothing
  | not (is 4 '-' && is 7 '-' && is 10 'T' && is 13 ':' && is 16 ':') = Nothing
  | year < 1 || month < 1 || month > 12 || day < 1 || day > monthLength || hour > 23 || minute > 59 || second > 59 = Nothing
  | otherwise = do
      (micros, zoneAt) <- if is 19 '.' then fraction else Just (0, 19)
      offset <- zone zoneAt
      pure (Moment (dayNumber year month day) (((hour * 60 + minute) * 60 + second) * 1000000 + micros) offset)
 where
  byte (I# n) = byteAt at n
  is n char = byte n == fromIntegral (fromEnum (char :: Char))
  digit n = let value = fromIntegral (byte n) - 0x30 in if value >= 0 && value <= 9 then value else -1 :: Int
  -- Below zero where one of the two is no digit.
  two n = let (a, b) = (digit n, digit (n + 1)) in if a < 0 || b < 0 then -1 else a * 10 + b
  year = let (a, b) = (two 0, two 2) in if a < 0 || b < 0 then -1 else a * 100 + b
  month = two 5
  day = two 8
  hour = two 11
  minute = two 14
  second = two 17
  monthLength
    | month == 2 = if leap then 29 else 28
    | month `elem` [4, 6, 9, 11] = 30
    | otherwise = 31 :: Int
  leap = year `rem` 4 == 0 && (year `rem` 100 /= 0 || year `rem` 400 == 0)
  fraction
    | end == 20 = Nothing
    | otherwise = Just (sum (zipWith (\n unit -> digit n * unit) [20 .. end - 1] [100000, 10000, 1000, 100, 10, 1]), end)
   where
    end = length (takeWhile (\n -> n < size && digit n >= 0) [20 ..]) + 20
  zone n
    | n + 1 == size, is n 'Z' = Just 0
    | n + 6 == size, is (n + 3) ':', hours >= 0, hours <= 23, minutes >= 0, minutes <= 59 = case () of
        _
          | is n '+' -> Just (hours * 60 + minutes)
          | is n '-' -> Just (negate (hours * 60 + minutes))
          | otherwise -> Nothing
    | otherwise = Nothing
   where
    hours = two (n + 1)
    minutes = two (n + 4)

-- | Days from 1858-11-17 (Howard Hinnant, chrono-compatible low-level date algorithms).
dayNumber :: Int -> Int -> Int -> Int
dayNumber year month day = era * 146097 + dayOfEra - 719468 + 40587
 where
  y = if month <= 2 then year - 1 else year
  era = y `div` 400
  yearOfEra = y - era * 400
  dayOfYear = (153 * (if month > 2 then month - 3 else month + 9) + 2) `div` 5 + day - 1
  dayOfEra = yearOfEra * 365 + yearOfEra `div` 4 - yearOfEra `div` 100 + dayOfYear
