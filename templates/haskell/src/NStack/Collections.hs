-- | Lists and maps of other libraries, which services that do not use them do not carry.
module NStack.Collections
  ( toHashMap
  , fromHashMap
  ) where

import Data.HashMap.Strict (HashMap)
import qualified Data.HashMap.Strict as HashMap
import Data.Map.Strict (Map)
import qualified Data.Map.Strict as Map
import Data.Text (Text)

toHashMap :: Map Text a -> HashMap Text a
toHashMap = HashMap.fromList . Map.toList

fromHashMap :: HashMap Text a -> Map Text a
fromHashMap = Map.fromList . HashMap.toList
