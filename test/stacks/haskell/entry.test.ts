import { describe, expect, it } from 'vitest';
import { entryOf, haskellEntry } from '../../../src/stacks/haskell/entry.ts';
import { moduleHeader, textForGhc } from '../../../src/stacks/haskell/module-header.ts';
import { serviceFolder } from '../support/service-folder.ts';

const code = 'module Service where\n\ngreet :: String -> String\ngreet name = name\n';
const cabal = 'cabal-version: 3.0\nname: greeter\nversion: 1\nlibrary\n  hs-source-dirs: lib\n';

function folder(files: Readonly<Record<string, string>>, entry?: string) {
  const line = entry === undefined ? '' : `entry: ${entry}\n`;
  const manifest = `name: Greeter\nstack: haskell\n${line}api: |\n  greet : Text -> Text\n`;
  return serviceFolder({ 'nstack.yaml': manifest, 'service.py': undefined, ...files });
}

describe('the code of a Haskell service', () => {
  it.each([
    ['Service.hs', ['Service.hs', 'src/Service.hs']],
    ['src/Service.hs', ['src/Service.hs', 'lib/Service.hs']],
    ['lib/Service.hs', ['lib/Service.hs']],
  ])('is in %s where these are there: %s', async (path, paths) => {
    const files = Object.fromEntries(paths.map((one) => [one, code]));
    expect(await entryOf(await folder({ 'greeter.cabal': cabal, ...files }))).toBe(path);
  });

  it('is where the manifest says', async () => {
    const service = await folder(
      { 'src/Acme/Score.hs': 'module Acme.Score (greet) where\n' },
      'src/Acme/Score.hs',
    );
    expect(await haskellEntry(service)).toMatchObject({
      path: 'src/Acme/Score.hs',
      sourceRoots: ['src'],
      moduleName: 'Acme.Score',
    });
  });

  it('may do without a header, and then has the name of its file', async () => {
    const service = await folder(
      { 'greeter.cabal': cabal, 'lib/Acme/Score.hs': 'x = 1\n' },
      'lib/Acme/Score.hs',
    );
    expect(await haskellEntry(service)).toMatchObject({ sourceRoots: ['lib'], moduleName: 'Acme.Score' });
  });

  it('is missed where there is none', async () => {
    await expect(entryOf(await folder({ 'greeter.cabal': cabal }))).rejects.toMatchObject({
      code: 'file-missing',
      message: expect.stringMatching(/no Service\.hs in .*, and none below lib$/),
      hint: expect.stringContaining('entry'),
    });
  });

  it.each(['service.hs', 'Main.hs', 'Service.txt'])('cannot be in %s', async (path) => {
    await expect(haskellEntry(await folder({ [path]: code }, path))).rejects.toMatchObject({
      code: 'manifest-invalid',
    });
  });

  it('has the name of its file', async () => {
    const text = '{-# LANGUAGE OverloadedStrings #-}\n-- | Greets.\nmodule Main (main) where\n';
    await expect(haskellEntry(await folder({ 'Service.hs': text }))).rejects.toMatchObject({
      code: 'build-failed',
      diagnostics: [
        {
          message: expect.stringMatching(
            /Service\.hs:3 calls the module Main, which GHC would look for in Main\.hs/,
          ),
          place: { line: 3, column: 8, length: 4 },
          sourceLine: 'module Main (main) where',
          hint: 'write: module Service where',
        },
      ],
    });
  });
});

describe('what GHC is given of a module', () => {
  it.each([
    ['module Service where\n', 'LINE 1\nmodule Service where\n'],
    ['import Data.Text\n', 'LINE 1\nHEAD\nLINE 1\nimport Data.Text\n'],
    [
      '{-# LANGUAGE CPP #-}\n{- a {- b -} -}\n--- c\n\n x = 1\n',
      'LINE 1\n{-# LANGUAGE CPP #-}\n{- a {- b -} -}\n--- c\n\nHEAD\nLINE 5\n x = 1\n',
    ],
    ['{- a -} x = 1', 'LINE 1\n{- a -} \nHEAD\nLINE 1\nx = 1'],
    ['-- nothing', 'LINE 1\n-- nothing\nHEAD\nLINE 1\n'],
  ])('says where it stands, and has a header: %j', (text, expected) => {
    const given = textForGhc(text, moduleHeader(text), { moduleName: 'Service', file: 'lib/Service.hs' })
      .replaceAll(/\{-# LINE (\d+) "lib\/Service\.hs" #-\}/g, 'LINE $1')
      .replace('module Service where\nLINE', 'HEAD\nLINE');
    expect(given).toBe(expected);
  });
});
