{-# LANGUAGE OverloadedStrings #-}

-- | The beginning of a service: initialize, and what rpc.discover tells.
module NStack.Service.Start
  ( Start (..)
  , initialize
  , discover
  , fits
  , checkOf
  ) where

import Control.Exception
import qualified Data.ByteString as B
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Word (Word8)
import Foreign.Ptr (Ptr)
import GHC.IO (unsafeDupablePerformIO)

import NStack.Decode.Decoder (Misfit (..))
import NStack.Encode.Encoder (rendered)
import NStack.Json
import NStack.Rpc.Error
import NStack.Service.Declared
import NStack.Service.Frame (valueAt)
import NStack.Service.Function
import NStack.Service.Parameters
import NStack.Service.Payload
import NStack.Service.Runner (Limits (..), defaultLimits)

-- | What initialize said.
data Start = Start
  { startAbout :: (Text, Text)
  , startLimits :: Limits
  , startArities :: [(Text, Int)]
  , startChecks :: [(Text, Check)]
  }

protocol :: Integer
protocol = 1

-- | Members that are unknown are ignored.
initialize :: Service -> Maybe (Ptr Word8) -> IO Start
initialize code_ params = do
  given <- maybe (pure Null) valueAt params `catch` \(Misfit _ reason) -> throwIO (rpcError invalidParams reason)
  case member "protocol" given of
    Integer version
      | version == protocol -> pure ()
      | otherwise -> throwIO (rpcError invalidParams (Text.pack ("this shim speaks protocol " ++ show protocol ++ ", not " ++ show version)))
    _ -> throwIO (RpcError invalidParams "expected Integer" [("path", String "$.protocol")])
  let about = member "service" given
      limits = member "limits" given
      arities = declaredArities (member "api" given)
  setParameters (member "parameters" given)
  mapM_ (either throwIO pure . uncurry (servable code_)) arities
  mapM_ throwIO (unlikePayloads code_ (member "api" given))
  serviceStartup code_ `catch` \failure -> raised "startup" failure >>= throwIO
  pure
    Start
      { startAbout = (textOf "service" (member "name" about), textOf "0.0.0" (member "version" about))
      , startLimits = Limits (limitOf messageLimit "message" limits) (limitOf depthLimit "depth" limits)
      , startArities = arities
      , startChecks = declaredChecks code_ (member "api" given)
      }
 where
  textOf other value = case value of String text -> text; _ -> other
  limitOf usual name limits = case member name limits of
    Integer n | n >= 0 && n < 2 ^ (50 :: Int) -> fromInteger n
    _ -> usual defaultLimits

discover :: Service -> (Text, Text) -> B.ByteString
discover code_ (name, version) =
  B.concat
    [ "{\"openrpc\":\"1.3.2\",\"info\":{\"title\":"
    , json name
    , ",\"version\":"
    , json version
    , "},\"methods\":["
    , B.intercalate "," (map functionMethod (serviceFunctions code_))
    , "]}"
    ]
 where
  json text = unsafeDupablePerformIO (rendered encodeJson (String text))

-- | Whether a function can be called as the API declares it.
fits :: Start -> Function -> Arguments -> Bool
fits start function arguments = case lookup (functionName function) (startArities start) of
  Just arity -> takes arguments arity
  Nothing -> True

-- | For a function that takes Json: what the API declares instead.
checkOf :: Start -> Function -> Maybe Check
checkOf start function = lookup (functionName function) (startChecks start)

