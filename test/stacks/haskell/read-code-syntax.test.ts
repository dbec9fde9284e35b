import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loneBracket } from '../../../src/stacks/haskell/read-code/brackets.ts';
import { readHaskellCode, servedFunctions } from '../../../src/stacks/haskell/read-code.ts';
import { runs } from '../../support/runs.ts';
import { showType } from '../support/show-type.ts';
import { haskellFolder, readHaskell } from './support/haskell-code.ts';

/** Legal, and much of what services are made of. */
const real = `{-# LANGUAGE OverloadedStrings, LambdaCase, RecordWildCards, OverloadedRecordDot #-}
{-# LANGUAGE TypeApplications, MultiWayIf, TupleSections, BangPatterns, QuasiQuotes, TemplateHaskell #-}
{-# OPTIONS_GHC -Wall #-}
{- | The clicks of a shop.

>>> analyse (Click "ada" 3 [])   -- (not code
-}
module Service
  ( -- * Served
    analyse, score
  , Click (..), total,
  ) where

import Control.Monad (forM_, when)
import Data.Map.Strict (Map, (!?))
import qualified Data.Map.Strict as Map
import Data.Text (Text)
import qualified Data.Text as T
import "text" Data.Text.IO as T (putStrLn)

-- | One click.
data Click = Click
  { user :: !Text  -- ^ who clicked (by name)
  , ms :: {-# UNPACK #-} !Int
  , tags :: [Text]
  }
  deriving stock (Show, Eq)
  deriving anyclass (Hashable)

deriving instance Ord Click
makeLenses ''Click
$(deriveJSON defaultOptions ''Click)

{-
old :: Int
old = 1
-}
infixl 6 |>
(|>) :: a -> (a -> b) -> b
x |> f = f x

{-# INLINE analyse #-}
-- | Counts.
analyse :: Click -> IO (Map Text Int)
analyse Click{..} = do
  let n = ms * 2
      !m | n > 3 = 1
         | otherwise = '(' \`seq\` 2
  when (n > m) $ forM_ [1 .. n] \\i -> do
    T.putStrLn ("n = " <> T.pack (show @Int i))
  pure $ Map.fromList
    [ (tag, T.length tag)
    | tag <- tags
    , not (T.null tag)
    ]
  where
    helper :: Int -> Int
    helper = \\case
      0 -> 1
      k | even k, let j = k \`div\` 2 -> helper j
        | otherwise -> if | k > 9 -> 9 | otherwise -> k
    _unused = helper

score :: [Click] -> Double
score clicks
  | null clicks = 0
  | [one] <- clicks = fromIntegral one.ms
  | otherwise = sum (map (fromIntegral . (.ms)) clicks) / 1_000.5e-1

query = [sql| select * from clicks where ms > (1 |]

total
  :: Map Text [Click]
  -> (Int, Text)
total byUser = go 0 (Map.toList byUser)
  where go !acc [] = (acc, "\\"total\\": (" <> "a\\
          \\b")
        go acc ((_, cs) : rest) = go (acc + sum (ms <$> cs)) rest
`;

describe('code as it is written', () => {
  it('is read whole', async () => {
    const { api, diagnostics } = await readHaskell(real);
    expect(diagnostics).toEqual([]);
    const shown = api.functions.map(({ name, parameters, result }) => [
      name,
      ...parameters.map((one) => `${one.name}: ${showType(one.type)}`),
      showType(result),
    ]);
    expect(shown).toEqual([
      ['analyse', 'arg1: {user: text, ms: integer, tags: list(text)}', 'map(integer)'],
      ['score', 'clicks: list({user: text, ms: integer, tags: list(text)})', 'double'],
      ['total', 'byUser: map(list({user: text, ms: integer, tags: list(text)}))', 'tuple(integer, text)'],
    ]);
    expect(api.others?.map(({ name }) => name)).toEqual(expect.arrayContaining(['query', 'user', 'forM_']));
  });

  it('with CRLF line ends is the same', async () => {
    const { api, diagnostics } = await readHaskell(real.replaceAll('\n', '\r\n'));
    expect(diagnostics).toEqual([]);
    expect(api.functions.map(({ sourceLine, place }) => [sourceLine, place?.line])).toEqual([
      ['analyse :: Click -> IO (Map Text Int)', 44],
      ['score :: [Click] -> Double', 64],
      ['total', 72],
    ]);
  });

  it('that is empty, or holds a byte order mark, is read', async () => {
    expect((await readHaskell('')).api.functions).toEqual([]);
    expect((await readHaskell('\ufefff :: Int\nf = 1\n')).api.functions).toHaveLength(1);
  });

  it('that is not UTF-8, or larger than four MiB, is refused', async () => {
    await expect(readHaskell(Buffer.from([0x2d, 0xff, 0x0a]))).rejects.toMatchObject({
      code: 'file-unreadable',
    });
    await expect(readHaskell(Buffer.alloc(4 * 1024 * 1024 + 1, '\n'))).rejects.toMatchObject({
      code: 'file-unreadable',
    });
  });

  it('of two thousand lines is read whole', async () => {
    const one = (n: number) =>
      `f${n} :: Map.Map Text [R${n}] -> Maybe Int -> IO (Maybe Int)\nf${n} x y = do\n  let a = [i | (_, i) <- Map.toList x]\n  pure (length a <$ y)\n\ndata R${n} = R${n} { a :: Int, b :: [Text] }\n\n`;
    const functions = Array.from({ length: 300 }, (_, n) => one(n)).join('');
    const code = `module Service where\nimport Data.Text (Text)\nimport qualified Data.Map as Map\n\n${functions}`;
    expect((await readHaskell(code)).api.functions).toHaveLength(300);
  });
});

describe('a bracket without its partner', () => {
  it.each([
    ['f :: (Int -> Int\nf = id\n', '1:6', '"(" is never closed'],
    ['f = [1, 2\ng = (3)\n', '1:5', '"[" is never closed'],
    ['f x = x)\n', '1:8', '")" closes nothing'],
    ['f = [(1, 2]\n', '1:11', '"]" closes nothing'],
    ['data A = A { a :: Int\n\nf :: Int\nf = 1\n', '1:12', '"{" is never closed'],
  ])('in %j is a diagnostic with its place', async (code, place, says) => {
    const [line, column] = place.split(':').map(Number);
    const { api, diagnostics } = await readHaskell(code);
    expect(diagnostics).toEqual([
      {
        code: 'syntax-error',
        severity: 'error',
        message: `shop/Service.hs:${line} is not Haskell: ${says}`,
        place: { file: 'shop/Service.hs', line, column, length: 1 },
        sourceLine: code.split('\n')[(line ?? 0) - 1],
      },
    ]);
    expect(api.functions).toEqual([]);
  });

  it.each([
    ['in text and characters', "f = (\"(\", '(', '\\'', \"\\\"(\", \"a\\\n  \\(b\", '\\x28', '\"')\n"],
    ['in comments', 'f = 1 -- (\n{- ( {- [ -} { -}\ng = 2 --- (\n'],
    ['in an operator that looks like a comment', 'a --> b = (a |-- b)\n'],
    ['behind names with quotes', "f' x' = (x', ''Int, 'f')\n"],
    ['in a quotation of another language', 'f = [sql| ( |]\n'],
    ['that a preprocessor chooses', '#if A\nf = (\n#else\nf = ((\n#endif\n  1)\n'],
  ])('is not looked for %s', (_, code) => {
    expect(loneBracket(code)).toBeUndefined();
  });
});

/** Linear types of a kind that the grammar does not know, between functions that it does. */
const strange = 'f :: Int -> Int\nf = id\n\ng :: Int @@@ -> -> Int\ng = = 3 of\n\nh :: Int\nh = 3\n';

describe('what cannot be read', () => {
  it('is a note that leaves it to the compiler, and spoils nothing else', async () => {
    const { api, diagnostics } = await readHaskell(strange);
    expect(diagnostics).toMatchObject([
      {
        code: 'left-to-compiler',
        severity: 'note',
        message: expect.stringMatching(
          /^shop\/Service\.hs:[45] holds something that cannot be read here; left to the compiler$/,
        ),
      },
    ]);
    const f = api.functions.find(({ name }) => name === 'f');
    expect(f && [...f.parameters.map(({ type }) => showType(type)), showType(f.result)]).toEqual([
      'integer',
      'integer',
    ]);
    const names = [...api.functions, ...(api.others ?? [])].map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['f', 'g', 'h']));
  });

  it('is served for all that: GHC knows better', async () => {
    const folder = await haskellFolder({ 'Service.hs': strange });
    const served = (await servedFunctions(folder)).map(({ name, line }) => [name, line]);
    expect(served).toEqual(
      expect.arrayContaining([
        ['f', 1],
        ['g', 4],
        ['h', 7],
      ]),
    );
  });

  it('may be a type of a file that a preprocessor brings in', async () => {
    const { api } = await readHaskell(
      '{-# LANGUAGE CPP #-}\nmodule Service where\n#include "types.h"\nf :: Tex\nf = g\n',
    );
    expect(api.functions[0]?.result.kind).toBe('unknown');
  });

  it('never makes a type one that nobody has imported', async () => {
    const { api } = await readHaskell(
      `module Service where\nimport Data.Text (Text\n) hiding ( x\nf :: Tex -> Int\nf = g\n`,
    );
    expect(JSON.stringify(api)).not.toContain('neither defines');
  });

  it('is behind a preprocessor’s choice: its functions may be there, with types that GHC knows', async () => {
    const code =
      'module Service where\n#ifdef FAST\nf :: Int -> Int\n#else\nf :: Integer -> Integer\ng :: Int\ng = 1\n#endif\nf = id\n\nh :: Int\nh = 1\n';
    const folder = await haskellFolder({ 'Service.hs': code });
    const { api, diagnostics } = await readHaskellCode(folder);
    expect(diagnostics).toEqual([]);
    expect(api.functions.map(({ name, result }) => [name, result.kind])).toEqual([
      ['f', 'unknown'],
      ['h', 'known'],
    ]);
    expect(api.others).toMatchObject([{ name: 'g', what: 'unknown' }]);
    expect((await servedFunctions(folder)).map(({ name }) => name)).toEqual(['f', 'h', 'g']);
  });

  it('is whatever is left of a file that is cut and changed anywhere', async () => {
    const pieces = fc.constantFrom(
      '(',
      ']',
      '"',
      '{-',
      '\n',
      ' :: ',
      ' -> ',
      '#if\n',
      "'",
      '$(',
      'where',
      '🙂',
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(real.length), fc.nat(40), pieces, async (at, gone, piece) => {
        const { api, diagnostics } = await readHaskell(real.slice(0, at) + piece + real.slice(at + gone));
        if (diagnostics.length > 0) expect(JSON.stringify(api)).not.toContain('neither defines');
      }),
      runs(20),
    );
  });

  it('is a module of another name, which GHC would not find', async () => {
    const { diagnostics } = await readHaskell('module Main where\nmain = pure ()\n');
    expect(diagnostics).toMatchObject([
      { code: 'module-name', severity: 'error', place: { file: 'shop/Service.hs', line: 1, column: 8 } },
    ]);
  });
});
