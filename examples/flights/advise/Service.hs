{-# LANGUAGE DuplicateRecordFields #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE RecordWildCards #-}

-- | What the passengers of a flight had best do.
module Service (Advice (..), Advised (..), Level (..), Scored (..), Status (..), advise) where

import Data.Maybe (fromMaybe)
import Data.Text (Text)
import Data.Text qualified as Text
import Data.Time (UTCTime)

data Status
  = OnTime
  | Early {minutes :: Int}
  | Late {minutes :: Int}
  | Unknown

data Level = Fine | Bad | Unrated

data Scored = Scored
  { date :: UTCTime
  , route :: [Text]
  , status :: Status
  , score :: Maybe Double
  , level :: Level
  , note :: Maybe Text
  }

data Advice
  = Relax
  | Wait {minutes :: Int}
  | Rebook {reason :: Text}
  | Ask {about :: Text}

data Advised = Advised
  { date :: UTCTime
  , route :: [Text]
  , score :: Maybe Double
  , advice :: Advice
  , refund :: Maybe Int
  -- ^ Percent of the fare.
  }

advise :: Scored -> Advised
advise Scored {..} = Advised {advice = adviceFor status level note, refund = refundFor status, ..}

adviceFor :: Status -> Level -> Maybe Text -> Advice
adviceFor (Late minutes) Bad _ = Rebook {reason = duration minutes <> " late"}
adviceFor (Late minutes) _ _ = Wait minutes
adviceFor _ Unrated note = Ask {about = fromMaybe "a flight without times" note}
adviceFor _ _ _ = Relax

-- | Half the fare is due from three hours on, all of it from five.
refundFor :: Status -> Maybe Int
refundFor (Late minutes)
  | minutes >= 5 * 60 = Just 100
  | minutes >= 3 * 60 = Just 50
refundFor _ = Nothing

-- | Minutes as people say them: @3 h 20 min@.
duration :: Int -> Text
duration minutes = case minutes `divMod` 60 of
  (0, rest) -> number rest <> " min"
  (hours, 0) -> number hours <> " h"
  (hours, rest) -> number hours <> " h " <> number rest <> " min"
 where
  number = Text.pack . show
