-- | What a service written in Haskell may use. None of it is needed: a service is plain functions over plain types.
module NStack
  ( -- * Logs
    logDebug
  , logInfo
  , logWarn
  , logError
  , logCritical
  , (.=)

    -- * Metrics
  , metric

    -- * Parameters
  , parameter
  , lookupParameter
  , readParameter
  , parameters

    -- * Functions over whole blocks
  , Vectorised
  , vectorised
  , vectorisedIO

    -- * Json
  , Json
  , ToJson (..)
  , object
  ) where

import Data.Text (Text)

import NStack.Json (Json, ToJson (..), object, (.=))
import NStack.Service.Channel
import NStack.Service.Function (Vectorised, vectorised, vectorisedIO)
import NStack.Service.Parameters (lookupParameter, parameter, parameters, readParameter)

-- | > logWarn "slow click" ["url" .= url, "ms" .= ms]
logDebug, logInfo, logWarn, logError, logCritical :: Text -> [(Text, Json)] -> IO ()
logDebug = logAt Debug
logInfo = logAt Info
logWarn = logAt Warn
logError = logAt Error
logCritical = logAt Critical
