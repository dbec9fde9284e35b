import { beforeAll, describe, expect, it } from 'vitest';
import { baseReference } from '../../src/builder/base/base-image.ts';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { openService } from '../../src/registry/index.ts';
import { createHaskellStack } from '../../src/stacks/haskell/haskell-stack.ts';
import { serviceFolder } from '../stacks/support/service-folder.ts';
import { runShell, testEngine } from '../support/engine.ts';
import { answerOf, build, stagesLeft, temporaryName } from './support/built-service.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

/** The first one prepares the compiler, which the others share. */
const patience = { timeout: 600_000 };
const options = { signal: AbortSignal.timeout(590_000) };

async function haskellService(files: Readonly<Record<string, string>>, ...lines: readonly string[]) {
  const name = temporaryName(engine);
  const manifest = `name: ${name}\nstack: haskell\napi: |\n  answer : () -> Text\n${lines.map((line) => `${line}\n`).join('')}`;
  return serviceFolder({ 'nstack.yaml': manifest, 'service.py': undefined, ...files });
}

describe('a Haskell service', () => {
  it('is a file, and its image holds a program and little else', patience, async () => {
    const folder = await haskellService({
      'Service.hs':
        'import Data.Text (Text, pack)\n\nanswer :: IO Text\nanswer = pack . show . length . lines <$> readFile "/etc/passwd"\n',
    });
    const { service } = await build(engine, folder, options);
    expect(Number(await answerOf(engine, service.image, folder))).toBeGreaterThan(1);
    const base = await engine.inspectImage(baseReference);
    expect(service.size - (base?.size ?? 0)).toBeLessThan(14_500_000);
    const { output } = await runShell(engine, 'find /service /nstack -type f; ls /usr/bin/ghc /build', {
      image: service.image,
    });
    expect(output).toMatch(/^\/service\/service$/m);
    expect(output).not.toMatch(/\.hs|ghc|build/);
    expect(await build(engine, folder, options)).toMatchObject({ changed: false, steps: [] });
  });

  it("is a cabal package with Debian's libraries and OS packages", patience, async () => {
    const folder = await haskellService(
      {
        'service.cabal':
          'cabal-version: 3.0\nname: service\nversion: 1\nlibrary\n  hs-source-dirs: lib\n  build-depends: base, text, vector >=0.12\n  default-extensions: OverloadedStrings\n',
        'lib/Service.hs':
          'module Service (answer) where\nimport Acme.Words\nimport Data.Text (Text, pack)\nimport System.IO\n\nanswer :: IO Text\nanswer = do\n  bytes <- withBinaryFile "/usr/lib/x86_64-linux-gnu/libsvm.so.3" ReadMode hFileSize\n  word <- readFile "/service/words.txt"\n  pure (greeting <> pack (word <> show (total, bytes > 1000)))\n',
        'lib/Acme/Words.hs':
          'module Acme.Words where\nimport Data.Text (Text)\nimport qualified Data.Vector as V\n\ngreeting :: Text\ngreeting = "Hello "\n\ntotal :: Int\ntotal = V.sum (V.fromList [1 .. 10])\n',
        'words.txt': 'words ',
      },
      'packages: [libsvm]',
      'files: [words.txt]',
    );
    const { service } = await build(engine, folder, options);
    expect(await answerOf(engine, service.image, folder)).toBe('Hello words (55,True)');
  });

  it('fails a message alone that needs more memory than there is', patience, async () => {
    const folder = await haskellService(
      {
        'Service.hs':
          'module Service where\nimport Data.Text (Text, pack)\n\nanswer :: Text\nanswer = pack "here"\n\ngather :: Integer -> Integer\ngather n = sum (reverse numbers) + product (take 1 numbers)\n  where\n    numbers = [1 .. n]\n',
      },
      '  gather : Integer -> Integer',
      'limits: { memory: 256MiB }',
    );
    const { service } = await build(engine, folder, options);
    const { peer, close } = await openService(engine, service.image, folder.manifest, {
      parameters: {},
      signal: options.signal,
    });
    try {
      for (let round = 0; round < 3; round++) {
        await expect(peer.call('gather', Buffer.from('[1000000000]'))).rejects.toMatchObject({
          message: expect.stringContaining('heap overflow'),
          rpc: { data: { hint: expect.stringContaining('limits.memory') } },
        });
        expect(String(await peer.call('answer', Buffer.from('[]')))).toBe('"here"');
      }
      expect(String(await peer.call('gather', Buffer.from('[1000]')))).toBe('500501');
    } finally {
      await close();
    }
  });

  it('with Template Haskell of its own has the whole libraries', patience, async () => {
    const folder = await haskellService({
      'Service.hs':
        '{-# LANGUAGE TemplateHaskell #-}\nmodule Service (answer) where\nimport Data.Text (Text, pack)\nimport Language.Haskell.TH\nimport Language.Haskell.TH.Syntax (lift)\n\nanswer :: IO Text\nanswer = do\n  made <- runQ (lift (pack "made"))\n  pure (pack (show (length (pprint made))) <> $(lift (pack " and spliced")))\n',
    });
    const { service } = await build(engine, folder, options);
    expect(await answerOf(engine, service.image, folder)).toMatch(/^[1-9]\d+ and spliced$/);
  });

  it('whose types are wrong is refused where they are', patience, async () => {
    const folder = await haskellService({
      'Service.hs':
        'module Service where\nimport Data.Text (Text)\n\nanswer :: Text\nanswer = 42 + length "x"\n',
    });
    await expect(build(engine, folder, options)).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringMatching(/^the code of \w+ does not compile$/),
      diagnostics: [
        {
          message: expect.stringContaining("Couldn't match expected type ‘Text’ with actual type ‘Int’"),
          place: { file: expect.stringMatching(/Service\.hs$/), line: 5, column: 15 },
          sourceLine: 'answer = 42 + length "x"',
        },
      ],
    });
  });

  it('that asks for what Debian does not have is refused before anything is compiled', patience, async () => {
    const folder = await haskellService(
      { 'Service.hs': 'module Service where\n\nanswer :: String\nanswer = ""\n' },
      'packages:',
      '  - vectr',
    );
    await expect(build(engine, folder, options)).rejects.toMatchObject({
      code: 'package-unknown',
      diagnostics: [{ hint: expect.stringMatching(/hackage:vectr/), place: { line: 6, column: 5 } }],
    });
  });

  it(
    'that asks for what is not on Hackage, or cannot be fetched from there, is told which',
    patience,
    async () => {
      const folder = await haskellService(
        { 'Service.hs': 'module Service where\n\nanswer :: String\nanswer = ""\n' },
        'packages: ["hackage:no-such-library-of-nstack"]',
      );
      await expect(build(engine, folder, options)).rejects.toMatchObject({
        code: expect.stringMatching(/^(network|package-unknown)$/),
        message: expect.stringMatching(/Hackage|hackage/),
      });
      expect(await stagesLeft(engine)).toEqual([]);
    },
  );

  it('is made by init, and builds as it stands', patience, async () => {
    const name = temporaryName(engine);
    const files = await createHaskellStack().skeleton(name);
    const folder = await serviceFolder({
      'service.py': undefined,
      ...Object.fromEntries(files.map(({ path, content }) => [path, content])),
    });
    await expect(build(engine, folder, options)).resolves.toMatchObject({ changed: true });
  });
});
