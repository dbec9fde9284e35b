{-# LANGUAGE DuplicateRecordFields #-}
{-# LANGUAGE OverloadedStrings #-}

-- | A module as an author writes it, with functions that can be served and some that cannot.
module Sample where

import Control.Exception (ErrorCall (..), finally, throwIO)
import Control.Monad (forM_, when)
import Data.Aeson (Value)
import Data.ByteString (ByteString)
import Data.HashMap.Strict (HashMap)
import Data.IORef
import Data.Int (Int8)
import Data.Map.Strict (Map)
import Data.Sequence (Seq)
import Data.Set (Set)
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Time (UTCTime, ZonedTime)
import Data.Vector (Vector)
import NStack hiding (parameter)
import qualified NStack
import Prelude hiding (odd)
import System.Exit (exitFailure)
import System.IO.Unsafe (unsafePerformIO)

newtype UserId = UserId {unUserId :: Text}

data Click = Click
  { user :: UserId
  , at :: UTCTime
  , ms :: {-# UNPACK #-} !Int
  , note :: Maybe Text
  }

data Page a = Page
  { items :: [a]
  , next :: Maybe UserId
  }

data Event
  = Clicked {url :: Text, count :: Int}
  | Amount Double
  | Quit

data Measure = Counted {value :: Int} | Missing

data Open = Open {extra :: Json}

data Tree = Leaf | Node {left :: Tree, right :: Tree}

data Two = Two Int Text

data Named = Named {name :: Text}

data Wide = Wide {name :: Text, value :: Int, optional1 :: Maybe Int, optional2 :: Maybe Int, flag :: Bool}

integer :: Integer -> Integer
integer = id

small :: Int8 -> Int8
small = id

double :: Double -> Double
double = id

text :: Text -> Text
text = id

string :: String -> String
string = id

bytes :: ByteString -> ByteString
bytes = id

utc :: UTCTime -> UTCTime
utc = id

zoned :: ZonedTime -> ZonedTime
zoned = id

json :: Json -> Json
json = id

value_ :: Value -> Value
value_ = id

click :: Click -> Click
click = id

page :: Page Click -> Page Click
page = id

event :: Event -> Event
event = id

measure :: Maybe Measure -> [Measure]
measure = foldr (:) []

open :: Open -> Open
open = id

wide :: Wide -> Wide
wide = id

collections :: Vector Int -> Seq Int -> HashMap Text Int -> Map Text UserId -> (Vector Int, Seq Int, HashMap Text Int, Map Text UserId)
collections = (,,,)

add :: Int -> Int -> Int
add = (+)

pair :: (Int, Text) -> (Int, Text)
pair = id

nothing :: ()
nothing = ()

now :: () -> IO Int
now () = pure 7

twice :: Vectorised Int Int
twice = vectorised (map (* 2))

uneven :: Vectorised Int Int
uneven = vectorised (drop 1)

lazyOnes :: Vectorised Int Int
lazyOnes = vectorised (map (12 `div`))

crash :: Text -> Text
crash = error . Text.unpack

crashIO :: Text -> IO Text
crashIO how = if how == "exit" then exitFailure else throwIO (ErrorCall "thrown")

lateCrash :: Text -> [Int]
lateCrash _ = [1, error "in the middle"]

deep :: Int -> Integer
deep n = if n == 0 then 0 else 1 + deep (n - 1)

nan :: () -> Double
nan () = 0 / 0

endless :: () -> [Int]
endless () = [1 ..]

surrogate :: () -> String
surrogate () = "\xd800"

parameter :: Text -> Integer
parameter = NStack.parameter

poly :: a -> a
poly = id

tree :: Tree -> Int
tree _ = 1

two :: Two -> Int
two _ = 1

set :: Set Int -> Int
set _ = 1

startup :: IO ()
startup = do
  broken <- NStack.readParameter "broken"
  if broken == Just True then fail "it does not start" else pure ()

three :: (Integer -> IO ()) -> IO ()
three = forM_ [1, 2, 3]

five :: Maybe Integer -> (Integer -> IO ()) -> IO ()
five position = forM_ [maybe 1 (+ 1) position .. 5]

data Cursor = Cursor {after :: Text}

letters :: Maybe Cursor -> (Text -> Cursor -> IO ()) -> IO ()
letters position emit = forM_ (map Text.singleton ['a' .. 'z']) $ \letter ->
  when (maybe True ((letter >) . after) position) (emit letter (Cursor letter))

confirmedLetters :: IORef [Cursor]
confirmedLetters = unsafePerformIO (newIORef [])
{-# NOINLINE confirmedLetters #-}

lettersAck :: Cursor -> IO ()
lettersAck cursor = modifyIORef confirmedLetters (++ [cursor])

odd :: (Double -> IO ()) -> IO ()
odd = forM_ [1.5, 0 / 0, 2.5]

faulty :: (Integer -> IO ()) -> IO ()
faulty = forM_ [error "no one", 2]

stumble :: (Integer -> IO ()) -> IO ()
stumble emit = emit 1 >> error "no more"

lost :: (Integer -> Text -> IO ()) -> IO ()
lost emit = emit 1 (Text.replicate 20000 "x")

made :: IORef Int
made = unsafePerformIO (newIORef 0)
{-# NOINLINE made #-}

ended :: IORef Bool
ended = unsafePerformIO (newIORef False)
{-# NOINLINE ended #-}

many :: (Integer -> IO ()) -> IO ()
many emit = forM_ [1 ..] (\n -> modifyIORef' made (+ 1) >> emit n) `finally` writeIORef ended True

tagged :: (Integer -> Text -> IO ()) -> IO ()
tagged emit = emit 1 "tag"

eager :: Integer -> (Integer -> IO ()) -> IO ()
eager position emit = emit position
