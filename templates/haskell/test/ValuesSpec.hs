{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE TemplateHaskell #-}

module ValuesSpec (spec) where

import Control.Exception (try)
import qualified Data.Aeson as Aeson
import qualified Data.ByteString.Lazy as L
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Text.Encoding (decodeUtf8)
import Test.Hspec
import Test.QuickCheck hiding (function)

import NStack.Json
import NStack.Testing
import qualified Sample

start :: IO Client
start = serve $(serviceOf "Sample" (words "integer small double text string bytes utc zoned json value_ nan surrogate")) []

spec :: Spec
spec = beforeAll start $ do
  it "integers are exact up to 1,000 digits" $ \client -> do
    call client "integer" [Text.replicate 1000 "7"] `shouldReturn` Integer (read (replicate 1000 '7'))
    refuses client "integer" (Text.replicate 1001 "7")
  it "every Integer comes back" $ \client -> property $ \(Large n) (Positive k) ->
    let big = toInteger (n :: Int) ^ (k `mod` 12 + 1 :: Int) in call client "integer" [shown big] `shouldReturn` Integer big
  it "an Integer has no fraction, no exponent, no quotes and no zero before it" $ \client ->
    mapM_ (refuses client "integer") ["1.0", "1e2", "-1E2", "\"12\"", "null", "true", "[]", "{}"]
  it "integers of limited range say what does not fit" $ \client -> do
    call client "small" ["-128"] `shouldReturn` Integer (-128)
    refuses client "small" "128"
    refuses client "small" "99999999999999999999"
  it "every Double comes back" $ \client -> property $ \d -> call client "double" [shown (d :: Double)] `shouldReturn` Double d
  it "every double of a few places comes back in its shortest form" $ \client -> property $ \n (NonNegative k) -> do
    let d = fromIntegral (n :: Int) / 10 ^ (k `mod` 8 :: Int) :: Double
    Double e <- call client "double" [shown d]
    e `shouldBe` d
  it "doubles are read as exactly as the language reads them" $ \client -> property $ forAll digits $ \written ->
    call client "double" [Text.pack written] `shouldReturn` Double (read (if '.' `elem` written then written else written ++ ".0"))
  it "a Double is finite, in and out" $ \client -> do
    mapM_ (refuses client "double") ["1e400", "-1e400", Text.replicate 400 "7", "\"NaN\""]
    outcome <- try (call client "nan" [])
    either errorCode (const 0) outcome `shouldBe` (-32001)
  it "every Text comes back" $ \client -> property $ \(UnicodeString chars) ->
    let t = Text.pack chars in call client "text" [quoted t] `shouldReturn` String t
  it "escapes are read, pairs of surrogates among them" $ \client -> do
    call client "text" ["\"\\u00e9\\ud83d\\ude42\\n\\/\\u0000\""] `shouldReturn` String "\233\x1F642\n/\0"
    call client "string" ["\"a\\\"b\""] `shouldReturn` String "a\"b"
  it "half a pair of surrogates is refused, in and out" $ \client -> do
    mapM_ (refuses client "text") ["\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"a\\udbff\""]
    outcome <- try (call client "surrogate" [])
    either errorCode (const 0) outcome `shouldBe` (-32001)
  it "Bytes are base64 with padding and nothing else" $ \client -> do
    mapM_ (\t -> call client "bytes" [quoted t] `shouldReturn` String t) ["", "aA==", "aGk=", "aGkh", "+/+/"]
    mapM_ (refuses client "bytes") ["\"aGk\"", "\"a-_=\"", "\" aGk=\"", "\"a===\"", "\"aB==\"", "1"]
  it "a UTCTime is the moment, cut to microseconds" $ \client ->
    call client "utc" ["\"2020-02-29T23:30:00.1234567-05:30\""] `shouldReturn` String "2020-03-01T05:00:00.123456Z"
  it "a ZonedTime keeps its offset" $ \client ->
    call client "zoned" ["\"2020-02-29T23:30:00-05:30\""] `shouldReturn` String "2020-02-29T23:30:00-05:30"
  it "timestamps that are none are refused" $ \client ->
    mapM_
      (refuses client "utc" . quoted)
      ["2020-01-01T00:00:00", "2020-01-01 00:00:00Z", "2021-02-29T00:00:00Z", "2020-01-01T24:00:00Z", "2020-01-01T00:00:00+0100", "2020-01-01T00:00:00.Z", "0000-01-01T00:00:00Z", ""]
  it "timestamps and Bytes may have escapes" $ \client -> do
    mapM_ (\function -> call client function ["\"2020-01-01T00\\u003a00:00\\u005a\""] `shouldReturn` String "2020-01-01T00:00:00Z") ["utc", "zoned"]
    call client "bytes" ["\"\\u0051Q\\u003d=\""] `shouldReturn` String "QQ=="
  it "Json keeps order, exact integers and the last of two keys" $ \client ->
    call client "json" ["{\"b\":1,\"a\":12345678901234567890,\"b\":[null,1.5]}"]
      `shouldReturn` Object [("a", Integer 12345678901234567890), ("b", List [Null, Double 1.5])]
  it "a number beyond all limits is refused in Json whether it counts or not" $ \client ->
    mapM_ (\function -> refuses client function "{\"a\":1e400,\"a\":1}") ["json", "value_"]
  it "Json and aeson's Value nest up to the limit" $ \client -> mapM_ (nesting client) ["json", "value_"]
  it "numbers beyond the range of a double are refused in Json, and never expanded" $ \client ->
    mapM_ (\function -> mapM_ (refuses client function) ["1e400", "[1e999999999]"]) ["json", "value_"]
  it "aeson's Value comes back as it is" $ \client -> property $ \value -> do
    let written = decodeUtf8 (L.toStrict (Aeson.encode (value :: Aeson.Value)))
    direct <- call client "json" [written]
    call client "value_" [written] `shouldReturn` direct
 where
  nesting client function = do
    _ <- call client function [Text.replicate 256 "[" <> Text.replicate 256 "]"]
    refuses client function (Text.replicate 257 "[" <> Text.replicate 257 "]")
  digits = do
    whole <- show . getNonNegative <$> (arbitrary :: Gen (NonNegative Integer))
    fraction <- listOf1 (choose ('0', '9'))
    power <- choose (-330, 300) :: Gen Int
    elements [whole ++ "." ++ fraction, whole ++ "." ++ fraction ++ "e" ++ show power]

refuses :: Client -> Text -> Text -> Expectation
refuses client function input = do
  outcome <- try (call client function [input])
  case outcome of
    Left failure -> errorCode failure `shouldSatisfy` (`elem` [-32602, -32700])
    Right result -> expectationFailure (Text.unpack input ++ " became " ++ show result)

shown :: (Show a) => a -> Text
shown = Text.pack . show

quoted :: Text -> Text
quoted = decodeUtf8 . L.toStrict . Aeson.encode
