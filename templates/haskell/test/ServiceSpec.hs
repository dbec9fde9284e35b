{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE TemplateHaskell #-}

module ServiceSpec (spec) where

import Control.Exception (try)
import Data.Text (Text)
import qualified Data.Text as Text
import Test.Hspec

import NStack.Json
import NStack.Service.Envelope (envelopeOf)
import NStack.Service.Function (Service)
import NStack.Testing
import qualified Sample

service :: Service
service = $(serviceOf "Sample" ["add", "pair", "text", "json", "poly", "nothing", "parameter", "measure", "open"])

api :: Text -> Int -> [(Text, Json)]
api name arity = ["api" .= object [name .= object ["arity" .= arity, "input" .= object [], "output" .= object []]]]

starts :: [(Text, Json)] -> IO Integer
starts members = either errorCode (const 0) <$> try (serveWith service members)

spec :: Spec
spec = do
  it "is refused where the API has a function that the module lacks, or cannot serve" $ do
    starts (api "absent" 1) `shouldReturn` (-32601)
    starts (api "poly" 1) `shouldReturn` (-32601)
  it "is refused where the API declares another number of arguments" $ do
    starts (api "add" 2) `shouldReturn` 0
    starts (api "add" 1) `shouldReturn` (-32601)
    starts (api "nothing" 0) `shouldReturn` 0
  it "is refused where a case with a field is declared to carry what is no record" $ do
    let sumOf payload = object ["oneOf" .= [object ["properties" .= object ["Counted" .= payload]], object ["properties" .= object ["Missing" .= object ["type" .= ("null" :: Text)]]]]]
        optional schema = object ["anyOf" .= [schema, object ["type" .= ("null" :: Text)]]]
        declared input output = ["api" .= object ["measure" .= object ["arity" .= (1 :: Int), "input" .= optional (sumOf input), "output" .= object ["items" .= sumOf output]]]]
        plain = object ["type" .= ("integer" :: Text)]
        record = object ["properties" .= object ["value" .= plain]]
    starts (declared record record) `shouldReturn` 0
    outcomes <- mapM (try . serveWith service) [declared plain record, declared record plain]
    map (either errorMessage (const "")) outcomes
      `shouldBe` replicate 2 "measure: the case Counted carries a record with the field value, where the API declares no record; write Counted with an argument without a name"
  it "takes a pair as one tuple or as two arguments, as the API declares" $ do
    two <- serveWith service (api "pair" 2)
    call two "pair" ["1", "\"a\""] `shouldReturn` List [Integer 1, String "a"]
    one <- serveWith service (api "pair" 1)
    call one "pair" ["[1,\"a\"]"] `shouldReturn` List [Integer 1, String "a"]
  it "reads parameters before its startup hook, which may fail" $ do
    client <- serve service ["limit" .= (3 :: Integer)]
    call client "parameter" ["\"limit\""] `shouldReturn` Integer 3
    outcome <- try (serve service ["broken" .= True])
    either errorCode (const 0) outcome `shouldBe` (-32000)
  it "refuses messages beyond the limits, each for itself" $ do
    client <- serveWith service ["limits" .= object ["message" .= (100 :: Int), "depth" .= (4 :: Int)]]
    call client "text" ["\"" <> Text.replicate 98 "x" <> "\""] `shouldReturn` String (Text.replicate 98 "x")
    outcome <- block client "text" ["\"a\"", "\"" <> Text.replicate 99 "x" <> "\"", "\"b\""]
    items outcome `shouldBe` [String "a", String "b"]
    map (fmap errorCode) (failed outcome) `shouldBe` [(1, -32005)]
    deep <- block client "json" ["[[[[1]]]]", "[[[[[1]]]]]"]
    map (fmap errorCode) (failed deep) `shouldBe` [(1, -32602)]
  it "takes Json by the type that is declared" $ do
    let word name = ("type" :: Text) .= (name :: Text)
        fields = object ["at" .= object [word "string", "format" .= ("date-time" :: Text)], "n" .= object [word "integer"]]
        schema = object [word "object", "properties" .= fields, "required" .= ["n" :: Text]]
    client <- serveWith service ["api" .= object ["json" .= object ["arity" .= (1 :: Int), "input" .= schema, "output" .= object []]]]
    call client "json" ["{\"n\":1,\"more\":true}"] `shouldReturn` Object [("n", Integer 1), ("more", Bool True)]
    outcome <- block client "json" ["{\"n\":1}", "{\"n\":1.0}", "{}", "{\"n\":1,\"at\":\"now\"}"]
    map (fmap (member "path" . errorData)) (failed outcome) `shouldBe` [(1, String "$.n"), (2, String "$"), (3, String "$.at")]
    twice <- block client "json" ["{\"n\":1.0,\"n\":1}", "{\"n\":1e400,\"n\":1}", "{\"n\":1,\"n\":1.0}"]
    map fst (failed twice) `shouldBe` [1, 2]
  it "fails a message alone that has a number beyond all limits where Json is checked" $ do
    let schema = object ["type" .= ("object" :: Text), "properties" .= object ["extra" .= object ["type" .= ("integer" :: Text)]]]
        extra n = Object [("extra", Integer n)]
    client <- serveWith service ["api" .= object ["open" .= object ["arity" .= (1 :: Int), "input" .= schema, "output" .= object []]]]
    outcome <- block client "open" ["{\"extra\":1}", "{\"extra\":1,\"more\":1e400}", "{\"extra\":2}", "{\"extra\":\"2\"}"]
    items outcome `shouldBe` [extra 1, extra 2]
    map (fmap errorCode) (failed outcome) `shouldBe` [(1, -32602), (3, -32602)]
  it "takes the quick path for ids that are ids alone" $ do
    let envelope identity = envelopeOf ("{\"jsonrpc\":\"2.0\",\"id\":" <> identity <> ",\"method\":\"$/block\",\"params\":{\"function\":\"f\",\"items\":[1]}}")
        number found = (\(identity, name, _, _) -> (identity, name)) <$> found
    map (number . envelope) ["0", "7", "999999999999999"] `shouldBe` map (\one -> Just (one, "f")) [0, 7, 999999999999999]
    map (number . envelope) ["-7", "+7", "07", "", "1000000000000000", "9007199254740993", "7.0", "7 "] `shouldBe` replicate 8 Nothing
  it "takes the quick path for a block that stops at a failure" $ do
    let envelope more = envelopeOf ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"$/block\",\"params\":{\"function\":\"f\"," <> more <> "\"items\":[1]}}")
        stops found = (\(_, _, stopping, _) -> stopping) <$> found
    map (stops . envelope) ["", "\"stopAtFailure\":true,", "\"stopAtFailure\":false,"] `shouldBe` [Just False, Just True, Nothing]
  it "answers a version of the protocol that it does not speak" $ starts ["protocol" .= (99 :: Int)] `shouldReturn` (-32602)
