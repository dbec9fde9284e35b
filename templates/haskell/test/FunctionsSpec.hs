{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE TemplateHaskell #-}

module FunctionsSpec (spec) where

import Control.Exception (try)
import Data.Text (Text)
import qualified Data.Text as Text
import Test.Hspec

import NStack.Json
import NStack.Testing
import qualified Sample

start :: IO Client
start = serve $(serviceOf "Sample" (words "add pair nothing now twice uneven lazyOnes crash crashIO lateCrash endless text" ++ words "poly tree two set absent")) []

spec :: Spec
spec = beforeAll start $ do
  it "arguments are counted" $ \client -> do
    call client "add" ["1", "2"] `shouldReturn` Integer 3
    code (call client "add" ["1"]) `shouldReturn` (-32602)
    code (call client "nothing" ["null"]) `shouldReturn` (-32602)
  it "constants and functions of () take none" $ \client -> do
    call client "nothing" [] `shouldReturn` Null
    call client "now" [] `shouldReturn` Integer 7
    block client "now" ["null", "null"] `shouldReturn` Outcome [Integer 7, Integer 7] []
  it "a message of a block that does not fit fails alone" $ \client -> do
    outcome <- block client "add" ["[1,2]", "[1,\"x\"]", "[3,4]"]
    items outcome `shouldBe` [Integer 3, Integer 7]
    map (fmap errorCode) (failed outcome) `shouldBe` [(1, -32602)]
  it "a message whose function fails fails alone, however late it does" $ \client -> do
    outcome <- block client "lateCrash" ["\"a\"", "\"b\""]
    map (fmap errorCode) (failed outcome) `shouldBe` [(0, -32000), (1, -32000)]
    exits <- block client "crashIO" ["\"exit\"", "\"b\""]
    map (errorMessage . snd) (failed exits) `shouldBe` ["the code left the process: ExitFailure 1", "thrown"]
  it "the words of error are the message, and where it was called the stack" $ \client -> do
    outcome <- try (call client "crash" ["\"these words\""])
    fmap (const ()) outcome `shouldSatisfy` either ((== "these words") . errorMessage) (const False)
    either (stackOf . errorData) (const "") outcome `shouldSatisfy` Text.isInfixOf "Sample.hs"
  it "a long message is cut" $ \client -> do
    outcome <- try (call client "crash" ["\"" <> Text.replicate 100000 "x" <> "\""])
    either (Text.length . errorMessage) (const 0) outcome `shouldSatisfy` (< 3000)
  it "a result without an end is too long" $ \client -> code (call client "endless" []) `shouldReturn` (-32005)
  it "vectorised functions get the messages that fit, and each result is its own" $ \client -> do
    outcome <- block client "twice" ["1", "null", "3"]
    items outcome `shouldBe` [Integer 2, Integer 6]
    lazily <- block client "lazyOnes" ["3", "0", "4"]
    items lazily `shouldBe` [Integer 4, Integer 3]
    map fst (failed lazily) `shouldBe` [1]
  it "a vectorised function that gives too few fails them all" $ \client -> do
    outcome <- block client "uneven" ["1", "2"]
    map (fmap errorCode) (failed outcome) `shouldBe` [(0, -32001), (1, -32001)]
  it "what cannot be served is told and not served, and stops nothing else" $ \client -> do
    document <- discover client
    let methods = case member "methods" document of List found -> found; _ -> []
        reasons = [(name, reason) | one <- methods, String name <- [member "name" one], Just reason <- [unsupportedIn one]]
    reasons
      `shouldBe` [ ("poly", "it is polymorphic: give it a plain type")
                 , ("tree", "it refers to itself, and types are finite")
                 , ("two", "Two has 2 arguments without names; name its fields")
                 , ("set", "a set has no JSON; use a list")
                 , ("absent", "the module does not give it out")
                 ]
    code (call client "poly" ["1"]) `shouldReturn` (-32601)
    code (call client "nothing of the kind" ["1"]) `shouldReturn` (-32601)

-- | The first reason in a method object.
unsupportedIn :: Json -> Maybe Text
unsupportedIn json = case json of
  Object members | Just (String reason) <- lookup "reason" members -> Just reason
  Object members -> firstOf (map snd members)
  List found -> firstOf found
  _ -> Nothing
 where
  firstOf = foldr (\one rest -> maybe rest Just (unsupportedIn one)) Nothing

stackOf :: Json -> Text
stackOf json = case member "stack" json of String text -> text; _ -> ""

code :: IO a -> IO Integer
code run = either errorCode (const 0) <$> try run
