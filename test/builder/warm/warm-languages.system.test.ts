import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { removeBuilders } from '../../../src/builder/warm/remove-builders.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import type { ServiceFolder } from '../../../src/stacks/index.ts';
import { readFolder, serviceFolder, writeFiles } from '../../stacks/support/service-folder.ts';
import { testEngine } from '../../support/engine.ts';
import { buildersOf } from '../support/builders-of.ts';
import { answerOf, build, temporaryName } from '../support/built-service.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

interface Language {
  readonly stack: string;
  readonly entry: string;
  /** The entry, which answers with a word of its own and with that of the other file. */
  code(word: string): string;
  readonly other: string;
  otherCode(word: string): string;
  /** The entry without the other file. */
  alone(word: string): string;
  /** How many of the image's last layers need not be those of a clean build: the archive of classes; a snapshot's program, where objects are kept. */
  readonly unlike: number;
}

const languages: readonly Language[] = [
  {
    stack: 'java',
    entry: 'Service.java',
    code: (word) =>
      `public class Service {\n    public String answer() {\n        return "${word} " + Other.word();\n    }\n}\n`,
    other: 'Other.java',
    otherCode: (word) => `class Other {\n    static String word() {\n        return "${word}";\n    }\n}\n`,
    alone: (word) =>
      `public class Service {\n    public String answer() {\n        return "${word}";\n    }\n}\n`,
    unlike: 1,
  },
  {
    stack: 'haskell',
    entry: 'Service.hs',
    code: (word) =>
      `module Service where\n\nimport Data.Text (Text, pack)\nimport Other\n\nanswer :: Text\nanswer = pack ("${word} " ++ other)\n`,
    other: 'Other.hs',
    otherCode: (word) => `module Other where\n\nother :: String\nother = "${word}"\n`,
    alone: (word) =>
      `module Service where\n\nimport Data.Text (Text, pack)\n\nanswer :: Text\nanswer = pack "${word}"\n`,
    unlike: 1,
  },
];

/** The layers of the service's image that have to be the same however it was built. */
async function layersOf(image: string, { unlike }: Language): Promise<readonly string[]> {
  const { layers = [] } = (await engine.inspectImage(image)) ?? {};
  return layers.slice(0, layers.length - unlike);
}

async function builtClean(folder: ServiceFolder, image: string, language: Language) {
  await engine.removeImage(image);
  await build(engine, folder);
  return layersOf(image, language);
}

describe.each(languages)('a warm build of $stack', { timeout: 300_000 }, (language) => {
  it('gives what a clean one gives, whatever was built before it', async () => {
    const name = temporaryName(engine);
    onTestFinished(async () => {
      await removeBuilders(engine, ({ service }) => service === name);
    });
    const { entry, code, other, otherCode, alone, stack } = language;
    const written = await serviceFolder({
      'service.py': undefined,
      'nstack.yaml': `name: ${name}\nstack: ${stack}\napi: |\n  answer : () -> Text\n`,
      [entry]: code('a'),
      [other]: otherCode('b'),
    });
    const folder = await readFolder(written.root);
    const warm = { warm: true, signal: AbortSignal.timeout(290_000) };
    const first = await build(engine, folder, warm);
    const { image } = first.service;
    await writeFiles(folder.root, { [other]: otherCode('c') });
    await build(engine, folder, warm);
    await writeFiles(folder.root, { [entry]: code('d') });
    await build(engine, folder, warm);
    expect(await answerOf(engine, image, folder)).toBe('d c');
    const warmLayers = await layersOf(image, language);
    expect(await builtClean(folder, image, language)).toEqual(warmLayers);

    await writeFiles(folder.root, { [entry]: alone('e') });
    await build(engine, folder, warm);
    const withoutOther = await layersOf(image, language);
    expect(await builtClean(folder, image, language)).toEqual(withoutOther);
    expect(await answerOf(engine, image, folder)).toBe('e');
    expect(await buildersOf(name)).toHaveLength(1);
  });
});

describe('a release of a Haskell service', { timeout: 300_000 }, () => {
  it('is compiled whole, and the same to the byte, in a builder that holds objects of its snapshots', async () => {
    const name = temporaryName(engine);
    onTestFinished(async () => {
      await removeBuilders(engine, ({ service }) => service === name);
    });
    const [, haskell] = languages as readonly [Language, Language];
    const manifest = (version: string) =>
      `name: ${name}\nversion: ${version}\nstack: haskell\napi: |\n  answer : () -> Text\n`;
    const { root } = await serviceFolder({
      'service.py': undefined,
      'nstack.yaml': manifest('1.0.0-SNAPSHOT'),
      [haskell.entry]: haskell.code('a'),
      [haskell.other]: haskell.otherCode('b'),
    });
    const warm = { warm: true, signal: AbortSignal.timeout(290_000) };
    await build(engine, await readFolder(root), warm);
    await writeFiles(root, { 'nstack.yaml': manifest('1.0.0'), [haskell.entry]: haskell.code('c') });
    const folder = await readFolder(root);
    const { image } = (await build(engine, folder, warm)).service;
    const layers = (await engine.inspectImage(image))?.layers;
    await engine.removeImage(image);
    await build(engine, folder);
    expect((await engine.inspectImage(image))?.layers).toEqual(layers);
  });
});
