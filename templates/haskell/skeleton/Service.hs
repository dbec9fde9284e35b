{-# LANGUAGE OverloadedStrings #-}

-- | {{name}}: the functions that nstack.yaml declares.
module Service where

import Data.Text (Text)
import qualified Data.Text as Text

data Person = Person
  { name :: Text
  , born :: Maybe Integer
  }

greet :: Person -> Text
greet person = "Hello, " <> name person <> age <> "!"
  where
    age = maybe "" (\year -> ", born in " <> Text.pack (show year)) (born person)
