import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/core/index.ts';
import { readManifest } from '../../../src/manifest/index.ts';
import { checkService } from '../../../src/stacks/index.ts';
import { haskellFolder } from './support/haskell-code.ts';
import { declarationOf, head, type Mismatch, mismatches } from './support/mismatches.ts';

async function check(mismatch: Pick<Mismatch, 'api' | 'code' | 'head'>): Promise<readonly Diagnostic[]> {
  const manifest = `api: |\n  ${mismatch.api}`;
  const written = await haskellFolder(
    { 'Service.hs': `${mismatch.head ?? head}${mismatch.code}\n` },
    manifest,
  );
  await writeFile(join(written.root, 'nstack.yaml'), `name: A\nstack: haskell\n${manifest}\n`);
  return checkService({ ...written, manifestFile: 'nstack.yaml' });
}

const cases = mismatches.map((mismatch) => [mismatch.title, mismatch] as const);

describe('the static check of Haskell code names both places of', () => {
  it.each(cases)('%s', async (_, mismatch) => {
    const errors = (await check(mismatch)).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, message }) => [code, message])).toEqual([
      [mismatch.finding, `${declarationOf(mismatch)}, but ${mismatch.but}`],
    ]);
    const [error] = errors;
    expect(error?.sourceLine).toContain(mismatch.api.split('\n').at(-1)?.trim());
    const place = error?.related?.place;
    expect(`${place?.file}:${place?.line}:${place?.column}`).toBe(`Service.hs:${mismatch.at}`);
    if (mismatch.hint !== undefined) expect(error?.hint).toBe(mismatch.hint);
  });
});

describe('the static check of Haskell code accepts', () => {
  const kept: readonly (readonly [title: string, api: string, code: string])[] = [
    [
      'two arguments, curried and as one tuple',
      'add: (Integer, Integer) -> Integer',
      'add :: Int -> Int -> Int\nadd = (+)',
    ],
    [
      'two arguments as one tuple',
      'add: (Integer, Integer) -> Integer',
      'add :: (Int, Int) -> Int\nadd (a, b) = a + b',
    ],
    ['a value as a function without arguments', 'now: () -> Timestamp', 'now :: IO UTCTime\nnow = undefined'],
    ['a function of ()', 'now: () -> Timestamp', 'now :: () -> IO UTCTime\nnow () = undefined'],
    ['() as a result, and a sink', 'log: Text -> Void', 'log :: Text -> IO ()\nlog _ = pure ()'],
    ['an Integer where the code takes Double', 'f: Integer -> Double', 'f :: Double -> Int\nf _ = 1'],
    [
      'a record that asks for fewer fields, and an optional one that is not declared',
      'f: { a: Integer, b: Text } -> ()',
      'data A = A { a :: Int, c :: Maybe Int }\nf :: A -> ()\nf _ = ()',
    ],
    [
      'a certain value where an optional is declared',
      'f: Text -> optional Text',
      'f :: Text -> Text\nf = id',
    ],
    [
      'sums of every kind of constructor',
      'type Leg = { miles: Integer }\n  type E = Click { user: Text } | Amount Integer | Way [Leg] | One Leg | Quit ()\n  f: E -> E',
      'data Leg = Leg { miles :: Int }\ndata E = Click { user :: Text } | Amount Integer | Way [Leg] | One Leg | Quit\nf :: E -> E\nf = id',
    ],
    ['Json for anything', 'f: Json -> Json', 'f :: Json -> [Int]\nf _ = []'],
    ['a vectorised function', 'f: Text -> Double', 'f :: Vectorised Text Double\nf = vectorised (map g)'],
    [
      'a vectorised function over two arguments',
      'f: (Text, Integer) -> Double',
      'f :: Vectorised (Text, Int) Double\nf = vectorised (map g)',
    ],
    [
      'types behind names',
      'f: [Integer] -> Map Text',
      'type Ids = [Id]\nnewtype Id = Id Int\nf :: Ids -> Map Text Text\nf = g',
    ],
  ];
  it.each(kept)('%s', async (_, api, code) => {
    expect((await check({ api, code })).filter(({ severity }) => severity !== 'note')).toEqual([]);
  });
});

describe('the static check of Haskell code', () => {
  it('leaves to the probe what it cannot know, and says so', async () => {
    const code = 'import Geo (Point)\n\nf :: [Point] -> Double\nf _ = 1\n\ng x = x';
    const findings = await check({ api: 'f: [Double] -> Double\n  g: Text -> Text', code });
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([
      ['left-to-probe', 'note'],
      ['left-to-probe', 'note'],
    ]);
    expect(findings[0]?.message).toContain('Service.hs:10 has Point for arg1');
    expect(findings[1]?.message).toContain('Service.hs:13 has an inferred type as its result');
  });

  it('says why a name is none in Haskell', async () => {
    for (const name of ['Analyse', 'type', 'where']) {
      const [finding] = await check({ api: `${name}: Text -> Text`, code: 'f :: Int\nf = 1' });
      expect(finding?.code).toBe('unusable-name');
    }
  });
});

const fixtures = new URL('../../fixtures/services/', import.meta.url).pathname;
const services = readdirSync(fixtures).filter((name) => name.startsWith('haskell-'));

describe.runIf(services.length > 0)('the static check of a fixture', () => {
  it.each(services)('%s finds the types of its manifest', async (name) => {
    const root = join(fixtures, name);
    const { manifest } = await readManifest(root);
    const findings = await checkService({ root, manifest, manifestFile: 'nstack.yaml' });
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    if (name === 'haskell-values') expect(findings.filter(({ code }) => code !== 'not-declared')).toEqual([]);
  });
});
