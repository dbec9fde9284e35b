import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { type Manifest, manifestToJson, parseManifest } from '../../src/manifest/index.ts';
import {
  findService,
  imageReference,
  labels,
  listServices,
  refuseNameInOtherCase,
} from '../../src/registry/index.ts';
import { buildFrom, testEngine } from '../support/engine.ts';

let engine: ContainerEngine;
/** A name that no other test and no user has. */
let unique: string;
beforeEach(async () => {
  engine = await testEngine();
  unique = `T${randomBytes(5).toString('hex')}`;
});

function manifestOf(name: string, version: string): Manifest {
  const text = `name: ${name}\nversion: ${version}\nstack: python\napi: |\n  score : Integer -> Double\n`;
  const { manifest } = parseManifest(text, 'nstack.yaml');
  if (manifest === undefined) throw new Error(`no manifest: ${text}`);
  return manifest;
}

/** An image with the labels of a service; `changes` are what a hostile one says instead. */
async function build(
  name: string,
  version: string,
  changes: { readonly tag?: string; readonly labels?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  const tag = changes.tag ?? imageReference(name, version);
  onTestFinished(() => engine.removeImage(tag));
  await buildFrom(engine, `FROM nstack/base:trixie\nENV TEST=${randomBytes(6).toString('hex')}`, {
    tag,
    labels: {
      [labels.name]: name,
      [labels.version]: version,
      [labels.manifest]: manifestToJson(manifestOf(name, version)),
      ...changes.labels,
    },
  });
}

const ours = (services: readonly { readonly name: string; readonly version: string }[]) =>
  services.filter(({ name }) => name.includes(unique)).map(({ name, version }) => `${name}:${version}`);

describe('the services that are built', () => {
  test('are listed by name, the newest version first', async () => {
    await build(`${unique}.B`, '1.9.0');
    await build(`${unique}.B`, '1.10.0-SNAPSHOT');
    await build(`acme/${unique}`, '0.1.0');
    await build(`${unique}.A`, '1.0.0');
    expect(ours(await listServices(engine))).toEqual([
      `${unique}.A:1.0.0`,
      `${unique}.B:1.10.0-SNAPSHOT`,
      `${unique}.B:1.9.0`,
      `acme/${unique}:0.1.0`,
    ]);
  });

  test('are found by name in the newest version, or by name and version', async () => {
    await build(`acme/${unique}`, '1.9.0');
    await build(`acme/${unique}`, '1.10.0');
    expect(await findService(engine, `acme/${unique}`)).toMatchObject({
      name: `acme/${unique}`,
      version: '1.10.0',
      image: `nstack/acme/${unique.toLowerCase()}:1.10.0`,
      imageId: expect.stringMatching(/^sha256:/),
      manifest: { api: { functions: [{ name: 'score' }] } },
      built: expect.stringMatching(/^\d{4}-/),
    });
    expect((await findService(engine, `acme/${unique}:1.9.0`)).version).toBe('1.9.0');
  });

  test('that are unknown are answered with what is near', async () => {
    await build(`acme/${unique}`, '1.9.0');
    const hint = (text: string) => ({ code: 'service-unknown', hint: expect.stringContaining(text) });
    await expect(findService(engine, `acme/${unique}x`)).rejects.toMatchObject(
      hint(`Did you mean acme/${unique}?`),
    );
    await expect(findService(engine, unique)).rejects.toMatchObject(hint(`Did you mean acme/${unique}?`));
    await expect(findService(engine, `acme/${unique.toLowerCase()}`)).rejects.toMatchObject(
      hint(`acme/${unique}?`),
    );
    await expect(findService(engine, `acme/${unique.toLowerCase()}:1.9.0`)).rejects.toMatchObject(
      hint(unique),
    );
    await expect(findService(engine, `acme/${unique}:2.0.0`)).rejects.toMatchObject(hint('It has 1.9.0.'));
  });

  test.each(['', ':1.0.0', 'Name:', 'Name:latest', 'a/b/c', 'Na me', '../x', 'Name:1.0.0:2'])(
    'cannot be named %j',
    async (reference) => {
      await expect(findService(engine, reference)).rejects.toMatchObject({ code: 'usage' });
    },
  );

  test('keep their name to themselves, in any case of letters', async () => {
    await build(unique, '1.0.0');
    const images = await engine.seeImages({ label: labels.name });
    refuseNameInOtherCase(images, unique);
    refuseNameInOtherCase(images, `${unique}x`);
    const refused = async () => refuseNameInOtherCase(images, unique.toLowerCase());
    await expect(refused()).rejects.toMatchObject({
      code: 'manifest-invalid',
      message: expect.stringContaining(unique),
    });
  });
});

describe('labels of an image', () => {
  test.each([
    ['no manifest', { [labels.manifest]: '' }],
    ['a manifest that is no JSON', { [labels.manifest]: '{"name":' }],
    ['a manifest of other shape', { [labels.manifest]: '[1,2,3]' }],
    ['a manifest with control characters', { [labels.manifest]: '{"name":"\u001b[31mred\\u001b[2J"}' }],
    ['the manifest of another service', { [labels.manifest]: manifestToJson(manifestOf('Other', '1.0.0')) }],
  ])('that hold %s are left out of the list with a warning, and refused by name', async (_, changes) => {
    await build(unique, '1.0.0', { labels: changes });
    await build(`${unique}.Good`, '1.0.0');
    const warnings: string[] = [];
    expect(ours(await listServices(engine, (warning) => warnings.push(warning)))).toEqual([
      `${unique}.Good:1.0.0`,
    ]);
    const warning = warnings.find((text) => text.includes(imageReference(unique, '1.0.0')));
    expect(warning).toMatch(/^the image \S+ is left out: /);
    expect(warning).not.toMatch(/\p{Cc}/u);
    await expect(findService(engine, `${unique}:1.0.0`)).rejects.toMatchObject({ code: 'manifest-invalid' });
  });

  test('that claim another name than the tag have no say', async () => {
    await build(unique, '1.0.0');
    await build(unique, '9.0.0', { tag: `nstack-test/${unique.toLowerCase()}:1` });
    expect(ours(await listServices(engine))).toEqual([`${unique}:1.0.0`]);
    expect((await findService(engine, unique)).version).toBe('1.0.0');
  });

  test('of a snapshot that was built again do not bring the old one back', async () => {
    await build(unique, '1.0.0-SNAPSHOT');
    const first = await findService(engine, unique);
    await build(unique, '1.0.0-SNAPSHOT');
    onTestFinished(() => engine.removeImage(first.imageId));
    const services = (await listServices(engine)).filter(({ name }) => name === unique);
    expect(services).toHaveLength(1);
    expect(services[0]?.imageId).not.toBe(first.imageId);
  });
});
