{-# LANGUAGE DeriveGeneric #-}
{-# LANGUAGE DerivingStrategies #-}
{-# LANGUAGE StandaloneDeriving #-}
{-# OPTIONS_GHC -Wno-orphans #-}

-- | The third stage of the benchmark of three languages as a plain program: a line in, a line out, with aeson over the same types.
module Main (main) where

import Control.Monad (unless)
import Data.Aeson
import Data.ByteString qualified as Bytes
import Data.ByteString.Builder (char8, hPutBuilder)
import GHC.Generics (Generic)
import Service
import System.IO hiding (char8)

deriving stock instance Generic Status
deriving stock instance Generic Priced
deriving stock instance Generic Advice
deriving stock instance Generic Advised

tagged :: Options
tagged = defaultOptions {sumEncoding = ObjectWithSingleField}

instance FromJSON Status where
  parseJSON = genericParseJSON tagged

instance FromJSON Priced

instance ToJSON Advice where
  toJSON = genericToJSON tagged
  toEncoding = genericToEncoding tagged

instance ToJSON Advised where
  toEncoding = genericToEncoding defaultOptions

main :: IO ()
main = do
  hSetBinaryMode stdout True
  hSetBuffering stdin (BlockBuffering (Just 65536))
  hSetBuffering stdout (BlockBuffering (Just 65536))
  loop
 where
  loop = do
    end <- isEOF
    unless end $ do
      line <- Bytes.getLine
      case eitherDecodeStrict' line of
        Right priced -> hPutBuilder stdout (fromEncoding (toEncoding (advise priced)) <> char8 '\n')
        Left problem -> hPutStrLn stderr problem
      loop
