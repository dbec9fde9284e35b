{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE TemplateHaskell #-}

module RecordsSpec (spec) where

import Control.Exception (try)
import Data.Text (Text)
import qualified Data.Text as Text
import Test.Hspec
import Test.QuickCheck (forAll, property, shuffle)

import NStack.Json
import NStack.Testing
import qualified Sample

start :: IO Client
start = serve $(serviceOf "Sample" ["click", "page", "event", "wide", "collections", "pair"]) []

spec :: Spec
spec = beforeAll start $ do
  it "fields may stand in any order, between unknown ones, with white space" $ \client -> property $ \spaced -> forAll (shuffle members) $ \shuffled -> do
    let gap = if spaced then " \t" else ""
        written = "{" <> gap <> Text.intercalate (gap <> "," <> gap) [name <> gap <> ":" <> gap <> value | (name, value) <- shuffled] <> gap <> "}"
    call client "wide" [written] `shouldReturn` wide 1 (Integer 2)
  it "optional fields may be missing or null, whichever they are" $ \client ->
    mapM_
      (\written -> call client "wide" [written] `shouldReturn` wide 1 Null)
      [ "{\"name\":\"a\",\"value\":1,\"flag\":true}"
      , "{\"name\":\"a\",\"value\":1,\"optional2\":null,\"flag\":true}"
      , "{\"name\":\"a\",\"value\":1,\"more\":{\"x\":[1]},\"flag\":true,\"end\":0}"
      ]
  it "the last of two fields counts, also where the first does not fit" $ \client -> do
    call client "wide" ["{\"value\":\"x\",\"name\":\"a\",\"value\":1,\"optional1\":2,\"flag\":true}"] `shouldReturn` wide 1 (Integer 2)
    refuses client "wide" "{\"name\":\"a\",\"value\":1,\"flag\":true,\"value\":\"x\"}" "expected Integer, found Text" "$.value"
  it "the last of two keys counts wherever they are, whatever the first is" $ \client -> do
    call client "collections" ["[1]", "[2]", "{\"a\":1e400,\"a\":4}", "{}"] `shouldReturn` List [List [Integer 1], List [Integer 2], Object [("a", Integer 4)], Object []]
    call client "event" ["{\"Amount\":[1e400],\"Am\\u006funt\":2}"] `shouldReturn` Object [("Amount", Double 2)]
    call client "wide" ["{\"value\":[1e400],\"name\":\"a\",\"value\":1,\"flag\":true,\"more\":{\"x\":1e400}}"] `shouldReturn` wide 1 Null
    refusesAny client "event" "{\"Amount\":2,\"Amount\":\"2\"}"
  it "of two keys the first may be anything, beside unknown fields that may be anything" $ \client -> do
    let rest = ",\"more\":[1e400," <> Text.replicate 1001 "7" <> "],\"name\":\"a\",\"value\":1,\"flag\":true}"
    mapM_
      (\first -> call client "wide" ["{\"value\":" <> first <> rest] `shouldReturn` wide 1 Null)
      ["\"x\"", "null", "1e400", Text.replicate 1001 "7", "[{\"value\":[]}]", Text.replicate 255 "[" <> Text.replicate 255 "]"]
    refusesAny client "wide" ("{\"value\":" <> Text.replicate 256 "[" <> Text.replicate 256 "]" <> rest)
    call client "page" ["{\"items\":[{\"user\":1,\"user\":\"u\",\"at\":0,\"at\":\"2020-01-01T00:00:00Z\",\"ms\":1}],\"items\":[]}"]
      `shouldReturn` Object [("items", List []), ("next", Null)]
    outcome <- block client "wide" ["{\"value\":1e400" <> rest, "{\"value\":[]}", "{\"value\":[]" <> rest]
    items outcome `shouldBe` [wide 1 Null, wide 1 Null]
    map (fmap (member "path" . errorData)) (failed outcome) `shouldBe` [(1, String "$")]
  it "the last of two keys of a Map counts, also where the first does not fit" $ \client -> do
    let maps first second = call client "collections" ["[]", "[]", "{\"a\":" <> first <> ",\"a\":" <> second <> "}", "{\"b\":" <> first <> ",\"c\":\"d\",\"b\":\"e\"}"]
    maps "1e400" "2" `shouldReturn` List [List [], List [], Object [("a", Integer 2)], Object [("b", String "e"), ("c", String "d")]]
    outcome <- try (maps "1" "[]")
    either (member "path" . errorData) (const Null) outcome `shouldBe` String "$[2].a"
  it "the last of two keys of a sum counts, also where the first does not fit" $ \client -> do
    call client "event" ["{\"Quit\":[1e400],\"Quit\":null}"] `shouldReturn` Object [("Quit", Null)]
    call client "event" ["{\"Amount\":1, \"Amount\" :1e400 , \"Am\\u006funt\":2.5}"] `shouldReturn` Object [("Amount", Double 2.5)]
    mapM_
      (refusesAny client "event")
      [ "{\"Quit\":null,\"Quit\":1}"
      , "{\"Quit\":1,\"Amount\":1,\"Quit\":null}"
      , "{\"Quit\":1,\"Other\":1}"
      , "{\"Quit\":" <> Text.replicate 256 "[" <> Text.replicate 256 "]" <> ",\"Quit\":null}"
      ]
  it "names of fields may hold escapes" $ \client ->
    call client "wide" ["{\"n\\u0061me\":\"a\",\"value\":1,\"fl\\u0061g\":true}"] `shouldReturn` wide 1 Null
  it "an error names the path" $ \client -> do
    let item ms = "{\"user\":\"u\",\"at\":\"2020-01-01T00:00:00Z\",\"ms\":" <> ms <> "}"
    refuses client "page" ("{\"items\":[" <> item "1" <> "," <> item "\"1\"" <> "]}") "expected Integer, found Text" "$.items[1].ms"
    refuses client "page" "{\"items\":[{\"user\":\"u\"}]}" "no field at" "$.items[0]"
    refuses client "wide" "[]" "expected an object, found a list" "$"
  it "newtypes are looked through and type parameters filled in" $ \client ->
    call client "page" ["{\"items\":[],\"next\":\"u\"}"] `shouldReturn` Object [("items", List []), ("next", String "u")]
  it "a sum is an object with the name of the case" $ \client ->
    mapM_
      (\(written, result) -> call client "event" [written] `shouldReturn` result)
      [ ("{\"Clicked\":{\"count\":2,\"url\":\"/\"}}", Object [("Clicked", Object [("url", String "/"), ("count", Integer 2)])])
      , ("{ \"Amount\" : 2 }", Object [("Amount", Double 2)])
      , ("{\"Quit\":null}", Object [("Quit", Null)])
      ]
  it "what is no case of a sum, or several, is refused" $ \client ->
    mapM_ (refusesAny client "event") ["{}", "\"Quit\"", "{\"Other\":1}", "{\"Quit\":null,\"Amount\":1}", "{\"Amount\":\"1\"}"]
  it "vectors, sequences and maps are lists and maps" $ \client ->
    call client "collections" ["[1]", "[2,3]", "{\"a\":4}", "{\"b\":\"c\",\"b\":\"d\"}"]
      `shouldReturn` List [List [Integer 1], List [Integer 2, Integer 3], Object [("a", Integer 4)], Object [("b", String "d")]]
  it "a tuple has the length that it has" $ \client -> do
    call client "pair" ["[1,\"a\"]"] `shouldReturn` List [Integer 1, String "a"]
    mapM_ (refusesAny client "pair") ["[1]", "[1,\"a\",2]", "[]", "{}"]
 where
  members = [("\"name\"", "\"a\""), ("\"value\"", "1"), ("\"optional1\"", "2"), ("\"flag\"", "true"), ("\"more\"", "[{}]"), ("\"nam\"", "0")] :: [(Text, Text)]

wide :: Integer -> Json -> Json
wide value one = Object [("name", String "a"), ("value", Integer value), ("optional1", one), ("optional2", Null), ("flag", Bool True)]

refuses :: Client -> Text -> Text -> Text -> Text -> Expectation
refuses client function input message path = do
  outcome <- try (call client function [input])
  outcome `shouldBe` Left (CallError (-32602) message (Object [("path", String path)]))

refusesAny :: Client -> Text -> Text -> Expectation
refusesAny client function input = do
  outcome <- try (call client function [input])
  either errorCode (const 0) outcome `shouldBe` (-32602)
