{-# LANGUAGE MagicHash #-}
{-# LANGUAGE OverloadedStrings #-}
{-# LANGUAGE UnboxedTuples #-}

-- | What an encoder is: it writes JSON straight into the frame that is answered.
module NStack.Encode.Encoder
  ( Encoder (..)
  , Sink
  , Hidden (..)
  , TooLong (..)
  , newSink
  , resetSink
  , beginMessage
  , sinkStart
  , ensure
  , runEncoder
  , writeBytes
  , putByte
  , putWord
  , hidden
  , contramap
  , rendered
  ) where

import Control.Exception (Exception, throwIO, toException)
import qualified Data.ByteString as B
import qualified Data.ByteString.Unsafe as B
import Data.Text (Text)
import qualified Data.Text as Text
import Data.Word (Word8)
import Foreign.Marshal.Alloc (free, mallocBytes, reallocBytes)
import GHC.Exts
import GHC.IO (IO (..))

-- | Writes a value at an address of the sink, and answers the address behind it.
newtype Encoder a = Encoder (a -> Sink -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #))

-- | Memory that grows. Three words: where it begins, where it ends less 'room', and the longest message less what is before it (an
-- offset from the beginning that the present message must not reach).
data Sink = Sink (MutableByteArray# RealWorld)

-- | A result holds what JSON cannot say, or what the rules of values leave out of it. The text says what.
newtype Hidden = Hidden Text

instance Show Hidden where
  show (Hidden reason) = Text.unpack reason

instance Exception Hidden

-- | A result is longer than the limit.
data TooLong = TooLong
  deriving (Show)

instance Exception TooLong

-- | Bytes behind what was asked for that may be written too, so that literals are written eight bytes at a time.
room :: Int
room = 16

newSink :: Int -> IO Sink
newSink size = do
  Ptr memory <- mallocBytes (size + room) :: IO (Ptr Word8)
  IO $ \s -> case newByteArray# 24# s of
    (# s1, words_ #) -> case writeAddrArray# words_ 0# memory s1 of
      s2 -> case writeAddrArray# words_ 1# (plusAddr# memory (unInt size)) s2 of
        s3 -> case writeIntArray# words_ 2# (unInt maxBound) s3 of
          s4 -> (# s4, Sink words_ #)

unInt :: Int -> Int#
unInt (I# n) = n

-- | Gives memory back that a long frame took.
resetSink :: Sink -> Int -> IO ()
resetSink sink@(Sink words_) size = do
  Ptr begin <- sinkStart sink
  end <- IO $ \s -> case readAddrArray# words_ 1# s of (# s1, at #) -> (# s1, Ptr at #)
  if end `minusPtr'` Ptr begin > 4 * size
    then do
      free (Ptr begin)
      Ptr memory <- mallocBytes (size + room) :: IO (Ptr Word8)
      IO $ \s -> case writeAddrArray# words_ 0# memory s of
        s1 -> case writeAddrArray# words_ 1# (plusAddr# memory (unInt size)) s1 of s2 -> (# s2, () #)
    else pure ()

minusPtr' :: Ptr a -> Ptr b -> Int
minusPtr' (Ptr a) (Ptr b) = I# (minusAddr# a b)

sinkStart :: Sink -> IO (Ptr Word8)
sinkStart (Sink words_) = IO $ \s -> case readAddrArray# words_ 0# s of (# s1, at #) -> (# s1, Ptr at #)

-- | From here on up to so many bytes may be written: one that is longer ends with 'TooLong', endless ones too.
beginMessage :: Sink -> Ptr Word8 -> Int -> IO ()
beginMessage sink@(Sink words_) at limit = do
  begin <- sinkStart sink
  IO $ \s -> case writeIntArray# words_ 2# (unInt (if limit == maxBound then limit else at `minusPtr'` begin + limit)) s of s1 -> (# s1, () #)

-- | Room for so many bytes: the address, which is another one where the memory had to move.
ensure :: Sink -> Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
ensure sink@(Sink words_) size at s = case readAddrArray# words_ 1# s of
  (# s1, end #)
    | isTrue# (leAddr# (plusAddr# at size) end) -> (# s1, at #)
    | otherwise -> grow sink size at s1
{-# INLINE ensure #-}

grow :: Sink -> Int# -> Addr# -> State# RealWorld -> (# State# RealWorld, Addr# #)
grow sink@(Sink words_) size at s = case move s of (# s1, Ptr moved #) -> (# s1, moved #)
 where
  IO move = do
    begin <- sinkStart sink
    (end, limit) <- IO $ \s0 -> case readAddrArray# words_ 1# s0 of
      (# s1, to #) -> case readIntArray# words_ 2# s1 of (# s2, most #) -> (# s2, (Ptr to, I# most) #)
    let used = Ptr at `minusPtr'` begin
        wanted = max (2 * (end `minusPtr'` begin)) (used + I# size)
    -- Texts ask for more than they need, so what is there already is what counts.
    if used > limit then throwIO TooLong else pure ()
    Ptr memory <- reallocBytes begin (wanted + room)
    IO $ \s0 -> case writeAddrArray# words_ 0# memory s0 of
      s1 -> case writeAddrArray# words_ 1# (plusAddr# memory (unInt wanted)) s1 of s2 -> (# s2, () #)
    pure (Ptr (plusAddr# memory (unInt used)))
{-# NOINLINE grow #-}

runEncoder :: Encoder a -> a -> Sink -> Ptr Word8 -> IO (Ptr Word8)
runEncoder (Encoder run) value sink (Ptr at) = IO $ \s -> case run value sink at s of (# s1, end #) -> (# s1, Ptr end #)
{-# INLINE runEncoder #-}

writeBytes :: B.ByteString -> Sink -> Ptr Word8 -> IO (Ptr Word8)
writeBytes bytes sink (Ptr at) = B.unsafeUseAsCStringLen bytes $ \(Ptr from, I# size) -> IO $ \s -> case ensure sink size at s of
  (# s1, to #) -> case copyAddrToAddr from to size s1 of s2 -> (# s2, Ptr (plusAddr# to size) #)

copyAddrToAddr :: Addr# -> Addr# -> Int# -> State# RealWorld -> State# RealWorld
copyAddrToAddr from to size s = case copyBytes' (Ptr to) (Ptr from) (I# size) of IO run -> case run s of (# s1, _ #) -> s1

foreign import ccall unsafe "string.h memcpy" copyBytes' :: Ptr Word8 -> Ptr Word8 -> Int -> IO (Ptr Word8)

-- | One byte, which there must be room for.
putByte :: Addr# -> Word -> State# RealWorld -> (# State# RealWorld, Addr# #)
putByte at (W# byte) s = case writeWord8OffAddr# at 0# (wordToWord8# byte) s of s1 -> (# s1, plusAddr# at 1# #)
{-# INLINE putByte #-}

-- | Eight bytes at once, which there must be room for: 'ensure' keeps some behind what was asked for.
putWord :: Addr# -> Int# -> Word# -> State# RealWorld -> State# RealWorld
putWord at offset bytes = writeWordOffAddr# (plusAddr# at offset) 0# bytes
{-# INLINE putWord #-}

hidden :: Text -> State# RealWorld -> (# State# RealWorld, Addr# #)
hidden reason s = case raiseIO# (toException (Hidden reason)) s of (# s1, () #) -> (# s1, nullAddr# #)
{-# NOINLINE hidden #-}

contramap :: (a -> b) -> Encoder b -> Encoder a
contramap f (Encoder run) = Encoder (\value -> run (f value))
{-# INLINE contramap #-}

-- | A value's JSON by itself. Throws what the encoder throws.
rendered :: Encoder a -> a -> IO B.ByteString
rendered encoder value = do
  sink <- newSink 256
  begin <- sinkStart sink
  end <- runEncoder encoder value sink begin
  Ptr start <- sinkStart sink
  told <- B.packCStringLen (Ptr start, end `minusPtr'` Ptr start)
  free (Ptr start :: Ptr Word8)
  pure told
