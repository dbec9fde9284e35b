module Main (main) where

import Test.Hspec

import qualified FunctionsSpec
import qualified RecordsSpec
import qualified ServiceSpec
import qualified SourcesSpec
import qualified ValuesSpec

main :: IO ()
main = hspec $ do
  describe "values" ValuesSpec.spec
  describe "records and sums" RecordsSpec.spec
  describe "functions" FunctionsSpec.spec
  describe "a service" ServiceSpec.spec
  describe "sources" SourcesSpec.spec
