import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildService } from '../../../src/builder/index.ts';
import { packageRoot } from '../../../src/core/index.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { readManifest } from '../../../src/manifest/index.ts';
import { imageReference } from '../../../src/registry/index.ts';
import { readHaskellCode } from '../../../src/stacks/haskell/read-code.ts';
import { type CodeApi, type CodeType, probeService, type ServiceFolder } from '../../../src/stacks/index.ts';
import { testEngine } from '../../support/engine.ts';
import { serviceFolder } from '../support/service-folder.ts';
import { showType } from '../support/show-type.ts';

const name = 'ReadHaskellCodeProbeTest';
let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.removeImage(imageReference(name, '0.0.1-SNAPSHOT')));

const patience = { timeout: 600_000 };

/** What the reader says of a service's code, and what the running code says of itself. */
async function readAndProbe(folder: ServiceFolder) {
  const service = { ...folder, manifest: { ...folder.manifest, name, version: '0.0.1-SNAPSHOT' } };
  const read = await readHaskellCode(service);
  let probed: CodeApi | undefined;
  await buildService(engine, service, {
    signal: AbortSignal.timeout(590_000),
    onProgress: () => {},
    probe: async (engine, image, folder, signal) => {
      probed = (await probeService(engine, image, folder, { signal })).codeApi;
    },
  });
  if (probed === undefined) throw new Error('nothing was probed');
  return asFarAsRead(summary(read.api), summary(probed));
}

/** Everything that a comparison with an API looks at. Reasons are for people, and each has its own. */
function summary({ functions }: CodeApi) {
  const show = (type: CodeType) => showType(type, () => 'unsupported');
  return functions
    .map(
      ({ name, parameters, result, vectorised, variadic = false, source = false, faults = [], place }) => ({
        name,
        // The running code tells nothing more of a function that cannot be served, such as a polymorphic one.
        ...(faults.length > 0
          ? { parameters: [], result: 'unknown', vectorised, variadic: true }
          : {
              parameters: parameters.map((one) => [one.name, show(one.type), one.optional]),
              result: show(result),
              vectorised,
              variadic,
              source,
            }),
        at: place === undefined ? '' : `${place.file}:${place.line}:${place.column}`,
      }),
    )
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** What the reader leaves to the probe is not held against it. */
function asFarAsRead(read: ReturnType<typeof summary>, probed: ReturnType<typeof summary>) {
  const known = (own: unknown, other: unknown) => (own === 'unknown' ? own : other);
  return {
    read,
    probed: probed.map((one) => {
      const own = read.find((other) => other.name === one.name);
      return {
        ...one,
        parameters: one.parameters.map((parameter, index) =>
          parameter.map((part, at) => known(own?.parameters[index]?.[at], part)),
        ),
        result: known(own?.result, one.result),
      };
    }),
  };
}

describe('reading Haskell code and asking the running code say the same of', () => {
  it.each(['values', 'behaviour', 'conformance'])('the fixture %s', patience, async (fixture) => {
    const root = join(packageRoot(), `test/fixtures/services/haskell-${fixture}`);
    const { manifest } = await readManifest(root);
    const { read, probed } = await readAndProbe({ root, manifest, manifestFile: 'nstack.yaml' });
    expect(read).toEqual(probed);
  });

  it('every way to write a type', patience, async () => {
    const folder = await serviceFolder({
      'nstack.yaml': `name: A\nstack: haskell\napi: |\n  used : Text -> Text\npackages: [vector, unordered-containers, aeson]\n`,
      'service.py': undefined,
      'src/Service.hs': `{-# LANGUAGE DuplicateRecordFields, KindSignatures #-}
module Service (module Service, moved) where

import Acme.Words
import qualified Data.Aeson as Aeson
import qualified Data.ByteString as B
import qualified Data.ByteString.Lazy as L
import Data.HashMap.Strict (HashMap)
import Data.Int
import Data.Map (Map)
import Data.Sequence (Seq)
import Data.Set (Set)
import Data.Text (Text)
import qualified Data.Text.Lazy as Lazy
import Data.Time
import Data.Vector (Vector)
import Data.Word
import GHC.Stack (HasCallStack)
import NStack
import Numeric.Natural

newtype UserId = UserId { unUserId :: Text }
newtype Box a = Box a
data Pair a b = Pair { left :: a, right :: !(Maybe b) }
data Alone = Alone Int
data Empty
data Event = Click { user :: UserId, at :: UTCTime } | Amount Integer | Way [Leg] | Quit | Wrong Int Int
data One = One
data Tree = Leaf | Node Tree Tree
data a :+: b = a :+: b
type Many a = [Pair a Int]

used :: Text -> Text
used given = given

scalars :: Int -> Int8 -> Word64 -> Natural -> Float -> Bool -> String -> [Char] -> Lazy.Text -> B.ByteString -> L.ByteString -> ZonedTime -> ()
scalars a _ c _ !e ~f (g) h@(_ : _) i j k l = ()
scalars _ _ _ _ _ _ _ _ _ _ _ _ = ()

open :: Json -> Aeson.Value -> IO Json
open json _ = pure json

lists :: Vector Int -> Seq Text -> [[UserId]] -> Many Bool -> [] Int
lists one two three four = []

maps :: Map Text Int -> HashMap Text (Box Text) -> Map String Int -> Map UserId Int -> Map Text (Maybe Leg)
maps = undefined

tuples :: (Int, Text, (Bool, Double)) -> (,) Int Text -> IO (Pair Text Alone)
tuples = undefined

event :: Maybe Event -> One -> Either Text Int -> Ordering -> Event
event (Just one) _ _ _ = one
event Nothing _ _ _ = Quit

outside :: Set Int -> Day -> Char -> Empty -> Tree -> Int :+: Int -> (Int -> Int) -> Maybe (Maybe Int) -> Maybe () -> Maybe Json -> Rational
outside = undefined

poly :: Show a => a -> Text
poly = undefined

located :: HasCallStack => Int -> Int
located n = n

unit :: () -> IO ()
unit nothing = pure nothing

infixed :: Int
infixed = 1

twice :: Vectorised Int (Maybe Text)
twice = vectorised (map (const Nothing))

startup :: IO ()
startup = pure ()
`,
      'src/Acme/Words.hs':
        'module Acme.Words where\n\ndata Leg = Leg { miles, feet :: Integer }\n\nmoved :: Leg -> Integer\nmoved leg = miles leg\n',
    });
    const { read, probed } = await readAndProbe(folder);
    expect(read).toEqual(probed);
    expect(read).toHaveLength(14);
  });
});
