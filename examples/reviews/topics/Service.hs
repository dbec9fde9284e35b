{-# LANGUAGE DuplicateRecordFields #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE RecordWildCards #-}

-- | What a review is about, by the words that stand for each topic.
module Service (Enriched (..), Feeling (..), Felt (..), Topic (..), startup, topics) where

import Control.Exception (evaluate)
import Control.Monad (void)
import Data.List (sortOn)
import Data.Map.Strict (Map)
import Data.Map.Strict qualified as Map
import Data.Maybe (listToMaybe)
import Data.Ord (Down (..))
import Data.Text (Text)
import Data.Text qualified as Text
import Data.Text.IO qualified as Text
import NStack (parameter)
import System.IO.Unsafe (unsafePerformIO)

data Feeling
  = Happy {strength :: Int}
  | Unhappy {strength :: Int}
  | Mixed {good :: Int, bad :: Int}
  | Neutral

data Felt = Felt
  { review :: Text
  , text :: Text
  , stars :: Maybe Int
  , language :: Text
  , sentences :: [[Text]]
  , feeling :: Feeling
  , telling :: Maybe Text
  }

data Topic = Topic {name :: Text, mentions :: [Text]}

data Enriched = Enriched
  { review :: Text
  , text :: Text
  , stars :: Maybe Int
  , language :: Text
  , feeling :: Feeling
  , telling :: Maybe Text
  , about :: [Topic]
  , mainly :: Maybe Text
  }

-- | Reads the words before the first review comes, so that a language without a list ends the start.
startup :: IO ()
startup = void (evaluate topicOf)

-- | The topics of a review, the one that most is said of first.
topics :: Felt -> Enriched
topics Felt {..} = Enriched {mainly = name <$> listToMaybe about, ..}
 where
  about = sortOn (Down . length . mentions) (uncurry Topic <$> Map.toList byTopic)
  byTopic =
    Map.fromListWith
      (flip (<>))
      [(topic, [word]) | word <- concat sentences, Just topic <- [Map.lookup word topicOf]]

-- | The topic that each word stands for, in the language that the workflow sets.
topicOf :: Map Text Text
topicOf = unsafePerformIO $ do
  lists <- Text.readFile ("words/" <> parameter "language" <> ".txt")
  pure (Map.fromList (concatMap wordsOf (Text.lines lists)))
{-# NOINLINE topicOf #-}

-- | A line is a topic, a colon, and its words.
wordsOf :: Text -> [(Text, Text)]
wordsOf line = [(word, topic) | word <- Text.words (Text.drop 1 list)]
 where
  (topic, list) = Text.breakOn ":" line
