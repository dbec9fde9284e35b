{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE TemplateHaskell #-}

-- | Functions that give their items to a function: order, positions, going on, ends and failures.
module SourcesSpec (spec) where

import Control.Exception (try)
import Data.IORef
import Data.Text (Text)
import Test.Hspec

import NStack.Json
import NStack.Service.Function (Service)
import NStack.Testing
import qualified Sample

service :: Service
service =
  $( serviceOf
       "Sample"
       ["three", "five", "letters", "lettersAck", "odd", "faulty", "stumble", "lost", "many", "tagged", "eager", "add"]
   )

numbered :: [Integer] -> [(Json, Json)]
numbered = map (\n -> (Integer n, Integer n))

-- | Each item by itself, as many as are asked for.
take' :: Client -> Text -> Int -> IO [(Json, Json)]
take' client name count = concat <$> mapM (const (next client name 1 Nothing)) [1 .. count]

codeOf :: IO a -> IO Integer
codeOf run = either errorCode (const 0) <$> try run

spec :: Spec
spec = do
  it "give items in order, with their number as position, and end" $ do
    client <- serve service []
    take' client "three" 3 `shouldReturn` numbered [1, 2, 3]
    next client "three" 9 Nothing `shouldReturn` []
    next client "three" 9 Nothing `shouldReturn` []
  it "are told where to go on where they take a position" $ do
    client <- serve service []
    next client "five" 1 (Just "3") `shouldReturn` numbered [4]
    take' client "five" 2 `shouldReturn` numbered [5]
    next client "letters" 1 (Just "{\"after\":\"x\"}") `shouldReturn` [(String "y", Object [("after", String "y")])]
  it "refuse a position that does not fit, and one that comes too late" $ do
    client <- serve service []
    codeOf (next client "letters" 1 (Just "7")) `shouldReturn` (-32602)
    next client "letters" 1 Nothing `shouldReturn` [(String "a", Object [("after", String "a")])]
    codeOf (next client "letters" 1 (Just "null")) `shouldReturn` 0
    codeOf (next client "letters" 1 (Just "{\"after\":\"x\"}")) `shouldReturn` (-32602)
  it "fail for an item alone that has no JSON, or cannot be evaluated" $ do
    client <- serve service []
    next client "odd" 1 Nothing `shouldReturn` [(Double 1.5, Integer 1)]
    codeOf (next client "odd" 1 Nothing) `shouldReturn` (-32001)
    next client "odd" 1 Nothing `shouldReturn` [(Double 2.5, Integer 3)]
    codeOf (next client "faulty" 1 Nothing) `shouldReturn` (-32000)
    next client "faulty" 1 Nothing `shouldReturn` [(Integer 2, Integer 2)]
  it "give their items before they fail, and begin anew then" $ do
    client <- serve service []
    next client "stumble" 1 Nothing `shouldReturn` numbered [1]
    codeOf (next client "stumble" 1 Nothing) `shouldReturn` (-32000)
    next client "stumble" 1 Nothing `shouldReturn` numbered [1]
  it "fail where a position is too long" $ do
    client <- serve service []
    codeOf (next client "lost" 1 Nothing) `shouldReturn` (-32001)
  it "are told what is confirmed" $ do
    client <- serve service []
    ack client "letters" "{\"after\":\"c\"}"
    ack client "three" "1"
    map Sample.after <$> readIORef Sample.confirmedLetters `shouldReturn` ["c"]
  it "may have positions without going on from one" $ do
    client <- serve service []
    next client "tagged" 1 Nothing `shouldReturn` [(Integer 1, String "tag")]
  it "say so of themselves, and are not called" $ do
    client <- serve service []
    described <- discover client
    let names = case member "methods" described of List methods -> [(member "name" one, member "source" (member "x-nstack" one)) | one <- methods]; _ -> []
    names
      `shouldBe` [ (String name, if name `elem` ["eager", "add"] then Null else Bool True)
                 | name <- ["three", "five", "letters", "odd", "faulty", "stumble", "lost", "many", "tagged", "eager", "add"]
                 ]
    codeOf (call client "three" []) `shouldReturn` (-32601)
    codeOf (block client "three" ["null"]) `shouldReturn` (-32601)
    codeOf (next client "add" 1 Nothing) `shouldReturn` (-32601)
    codeOf (next client "eager" 1 Nothing) `shouldReturn` (-32601)
  it "run ahead by the credit alone, and are ended with the service" $ do
    client <- serve service []
    _ <- next client "many" 10 Nothing
    _ <- next client "many" 10 Nothing
    made <- readIORef Sample.made
    made `shouldSatisfy` (<= 40)
    close client
    readIORef Sample.ended `shouldReturn` True
