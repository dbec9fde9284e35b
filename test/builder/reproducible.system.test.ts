import { createReadStream } from 'node:fs';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { baseReference } from '../../src/builder/base/base-image.ts';
import { type LayerRecord, layerRecords } from '../../src/builder/image/layer-records.ts';
import { buildPackages } from '../../src/builder/packages/packages-image.ts';
import type { ContainerEngine, ImageInfo } from '../../src/engine/index.ts';
import { labels } from '../../src/registry/index.ts';
import { type ServiceFolder, stackFor } from '../../src/stacks/index.ts';
import { serviceFolder } from '../stacks/support/service-folder.ts';
import { testEngine } from '../support/engine.ts';
import { build, temporaryName } from './support/built-service.ts';
import { differingPaths, tarContents } from './support/layer-contents.ts';
import { withSavedImage } from './support/saved-image.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

/** Milliseconds: all packages are installed twice. */
const patience = 300_000;

/** Outside the promise, by name (docs/builds.md). */
const leftOut = ['archive'];

/** Each with a package of Debian, and one of its language where that has a registry of its own at hand. */
const services: Readonly<
  Record<string, { readonly packages: string; readonly file: string; readonly code: string }>
> = {
  python: {
    packages: '[libsvm, "pip:humanize==4.9.0"]',
    file: 'service.py',
    code: 'import humanize\nimport svm\n\n\ndef answer() -> str:\n    return humanize.intcomma(1234)\n',
  },
  java: {
    packages: '[libsvm, "maven:org.apache.commons:commons-lang3:3.17.0"]',
    file: 'Service.java',
    code: 'public class Service {\n  public String answer() {\n    return org.apache.commons.lang3.StringUtils.capitalize("hi");\n  }\n}\n',
  },
  haskell: {
    packages: '["apt:libsvm3"]',
    file: 'Service.hs',
    code: '{-# LANGUAGE OverloadedStrings #-}\nmodule Service where\n\nimport Data.Text (Text)\n\nanswer :: Text\nanswer = "hi"\n',
  },
};

describe.each(Object.keys(services))('a service in %s that is built twice from nothing', (language) => {
  const { packages, file, code } = services[language] ?? { packages: '', file: '', code: '' };

  it('has the same layers, but for those that are outside the promise', {
    timeout: 2 * patience,
  }, async () => {
    const name = temporaryName(engine);
    const folder = await serviceFolder({
      'nstack.yaml': `name: ${name}\nstack: ${language}\npackages: ${packages}\napi: |\n  answer : () -> Text\n`,
      [file]: code,
    });
    let first = await builtImage(folder);
    let second = await builtAnew(folder);
    // What was there may be of a day when Debian had other versions.
    if (first.labels[labels.packages] !== second.labels[labels.packages]) {
      first = second;
      second = await builtAnew(folder);
    }
    const [was, is] = [promised(first), promised(second)];
    if (JSON.stringify(was) !== JSON.stringify(is)) expect(await differences(first, second)).toEqual([]);
    expect(is).toEqual(was);
    expect(is.map((layer) => layer.name)).toEqual(expect.arrayContaining(['base', 'os', 'code']));
  });
});

async function builtImage(folder: ServiceFolder): Promise<ImageInfo> {
  const { service } = await build(engine, folder, { signal: AbortSignal.timeout(patience) });
  const image = await engine.inspectImage(service.image);
  if (image === undefined) throw new Error(`${service.image} was removed`);
  return image;
}

/** Built with no cache of nstack's or of the engine's builder, and none of the images that were made before. */
async function builtAnew(folder: ServiceFolder): Promise<ImageInfo> {
  const before = await builtImage(folder);
  const kept = `nstack-test/reproducible:${before.id.slice('sha256:'.length, 20)}`;
  await engine.tagImage(before.id, kept);
  onTestFinished(() => engine.removeImage(kept));
  for (const tag of before.tags) await engine.removeImage(tag);
  const { packages } = await stackFor(folder.manifest.stack.language).recipe(folder);
  const base = await engine.inspectImage(baseReference);
  const below = { reference: baseReference, id: base?.id ?? '' };
  await buildPackages(engine, packages, {
    base: below,
    below,
    cacheFolder: await temporaryFolder(),
    force: true,
    onLine: () => {},
    signal: AbortSignal.timeout(patience),
  });
  return builtImage(folder);
}

function promised(image: ImageInfo): readonly LayerRecord[] {
  return layerRecords(image).filter(({ name }) => !leftOut.includes(name));
}

/** The paths that differ, by layer. */
async function differences(first: ImageInfo, second: ImageInfo): Promise<readonly string[]> {
  const [was, is] = [await contentsOf(first), await contentsOf(second)];
  return layerRecords(second)
    .filter(({ name }) => !leftOut.includes(name))
    .flatMap(({ name, diffId }, index) =>
      layerRecords(first)[index]?.diffId === diffId
        ? []
        : differingPaths(was[index] ?? new Map(), is[index] ?? new Map()).map((path) => `${name}: ${path}`),
    );
}

function contentsOf({ id }: ImageInfo): Promise<readonly ReadonlyMap<string, string>[]> {
  return withSavedImage(engine, id, AbortSignal.timeout(60_000), async ({ archive, layers }) => {
    const found = [];
    for (const { offset, size } of layers)
      found.push(
        await tarContents(createReadStream(archive.path, { start: offset, end: offset + size - 1 })),
      );
    return found;
  });
}
