{-# LANGUAGE DuplicateRecordFields #-}
{-# LANGUAGE NamedFieldPuns #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE RecordWildCards #-}
{-# LANGUAGE StrictData #-}

-- | The third stage of the benchmark of three languages. Plain.hs serves the same function with aeson.
module Service (Advice (..), Advised (..), Priced (..), Status (..), advise) where

import Data.Text (Text)

data Status
  = Early {minutes :: Int}
  | OnTime {minutes :: Int}
  | Late {minutes :: Int}

data Priced = Priced
  { date :: Text
  , route :: Text
  , kilometres :: Double
  , status :: Status
  , euros :: Maybe Int
  , note :: Maybe Text
  }

data Advice
  = Relax {spare :: Int}
  | Hurry {minutes :: Int}
  | Claim {euros :: Int, reason :: Text}

data Advised = Advised
  { date :: Text
  , route :: Text
  , kilometres :: Double
  , advice :: Advice
  , remark :: Maybe Text
  }

advise :: Priced -> Advised
advise Priced {..} = Advised {advice = toPassenger status euros, remark = note, ..}

-- | What to tell a passenger who has to change planes within the hour.
toPassenger :: Status -> Maybe Int -> Advice
toPassenger status owed = case (status, owed) of
  (Late {minutes}, Just euros) -> Claim {euros, reason = if minutes > 180 then "very late" else "late"}
  (Late {minutes}, Nothing) -> Hurry {minutes}
  (OnTime {minutes}, _) -> Relax {spare = 60 - minutes}
  (Early {minutes}, _) -> Relax {spare = 60 + minutes}
