import { describe, expect, it } from 'vitest';
import { createHaskellStack } from '../../../src/stacks/haskell/haskell-stack.ts';
import type { ImageFile } from '../../../src/stacks/stack.ts';
import { haskellFolder } from './support/haskell-folder.ts';

async function recipe(files: Readonly<Record<string, string | undefined>> = {}) {
  const { compile, ...rest } = await createHaskellStack().recipe(await haskellFolder(files));
  if (compile === undefined) throw new Error('Haskell is compiled');
  return { ...rest, compile };
}

function texts(files: readonly ImageFile[]): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map(({ path, content }) => [path, String(content)]));
}

describe('what a Haskell service is compiled of', () => {
  it('is its module, and a program that names its functions with their places and parameters', async () => {
    const { compile } = await recipe();
    expect(Object.keys(texts(compile.sources))).toEqual(['/build/src/Service.hs']);
    const main = texts(compile.generated)['/build/main/Main.hs'];
    expect(main).toContain('import qualified Service\n');
    expect(main).toContain('"Service.hs"\n    [ ("greet", 5, 1, ["name"])\n    ]');
    expect(compile.command).toEqual(['/nstack/haskell/compile']);
    expect(compile.toolchain.on).toBe('base');
  });

  it('are the modules that it imports, and no others', async () => {
    const { compile } = await recipe({
      'Service.hs': undefined,
      'src/Service.hs':
        'import qualified Acme.Words as W\nimport {-# SOURCE #-} Two\nimport Data.Map\nf = W.f\n',
      'src/Acme/Words.hs': 'module Acme.Words where\nimport\n  safe Acme.Deep (x)\n',
      'src/Acme/Deep.hs': 'module Acme.Deep where\nx = 1\n',
      'src/Two.hs': 'module Two where\n',
      'src/Two.hs-boot': 'module Two where\n',
      'src/Unused.hs': 'module Unused where\n',
      'Setup.hs': 'main = main\n',
    });
    const sources = texts(compile.sources);
    expect(Object.keys(sources)).toEqual([
      '/build/src/Acme/Deep.hs',
      '/build/src/Acme/Words.hs',
      '/build/src/Service.hs',
      '/build/src/Two.hs',
      '/build/src/Two.hs-boot',
    ]);
    expect(sources['/build/src/Service.hs']).toMatch(
      /^\{-# LINE 1 "(src\/Service\.hs)" #-\}\nmodule Service where\n\{-# LINE 1 "\1" #-\}\nimport qualified Acme/,
    );
  });

  it('is compiled with the options of its cabal package', async () => {
    const { compile } = await recipe({
      'greeter.cabal':
        'name: greeter\nlibrary\n  default-extensions: OverloadedStrings\n  ghc-options: -Wall "-fa\\b"\n',
    });
    expect(texts(compile.generated)['/build/main/options']).toBe(
      '"-ferror-spans"\n"-XOverloadedStrings"\n"-Wall"\n',
    );
  });

  it('may not stand outside of its folder', async () => {
    await expect(recipe({ 'nstack.yaml': manifest('entry: Other.hs') })).rejects.toMatchObject({
      code: 'file-missing',
    });
  });
});

describe('the image of a Haskell service', () => {
  it('has its files, and its program as entrypoint', async () => {
    const files = { 'nstack.yaml': manifest('files: [data.csv]'), 'data.csv': 'd' };
    const { layers, entrypoint, workdir } = await recipe(files);
    expect(layers.map(({ name, files: own }) => [name, own.map(({ path }) => path)])).toEqual([
      ['files', ['/service/data.csv']],
    ]);
    expect(entrypoint).toEqual(['/service/service']);
    expect(workdir).toBe('/service');
  });

  it('has its files among the packages where commands see them', async () => {
    const { layers } = await recipe({
      'nstack.yaml': manifest('files: [data.csv]', 'commands: [make]'),
      'data.csv': 'd',
    });
    expect(layers).toEqual([{ name: 'files', files: [] }]);
  });
});

describe('a new Haskell service', () => {
  it('has a manifest and a module', async () => {
    const files = await createHaskellStack().skeleton('Greeter');
    expect(files.map(({ path }) => path)).toEqual(['Service.hs', 'nstack.yaml']);
    expect(files.map(({ content }) => content).join('')).not.toContain('{{');
  });
});

describe('names that no Haskell function has', () => {
  const { words } = createHaskellStack();
  it.each(['where', 'main', 'Analyse'])('are such as %s', (name) => {
    expect(words.unusableName(name)).toBeDefined();
  });
  it.each(['analyse', 'score2', 'as'])('are not such as %s', (name) => {
    expect(words.unusableName(name)).toBeUndefined();
  });
});

function manifest(...lines: readonly string[]): string {
  return `name: Greeter\nstack: haskell\napi: |\n  greet : Text -> Text\n${lines.join('\n')}\n`;
}
