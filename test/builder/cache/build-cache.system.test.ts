import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCachePlace } from '../../../src/builder/cache/open-cache-place.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import type { ServiceFolder } from '../../../src/stacks/index.ts';
import { serviceFolder } from '../../stacks/support/service-folder.ts';
import { testEngine } from '../../support/engine.ts';
import { startRegistry } from '../../support/registry.ts';
import { build, codeOf, manifestOf, packagesOf, temporaryName } from '../support/built-service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

/** A service whose command leaves another file each time that it runs: equal layers were made once. */
async function onceOnly(): Promise<ServiceFolder> {
  const name = temporaryName(engine);
  return serviceFolder({
    'nstack.yaml': manifestOf(name, 'commands: ["cat /proc/sys/kernel/random/uuid > /etc/once"]'),
    'service.py': codeOf('open("/etc/once").read()'),
  });
}

function place(name: string) {
  return openCachePlace(name, {
    cwd: '/',
    env: process.env,
    signal: AbortSignal.timeout(120_000),
    onProgress: () => {},
  });
}

/** As a machine is that has never built this: without the service and its packages. */
async function forget(folder: ServiceFolder, image: string): Promise<void> {
  await engine.removeImage(image);
  const packages = await engine.inspectImage(await packagesOf(engine, folder));
  for (const tag of packages?.tags ?? []) await engine.removeImage(tag);
  expect(await engine.inspectImage(await packagesOf(engine, folder))).toBeUndefined();
}

describe('the cache of builds', () => {
  it.each([
    ['a folder', () => temporaryFolder()],
    ['a registry', async () => `${await startRegistry({ passwords: false })}/team/cache`],
  ])('in %s gives the next machine the packages that were installed before', async (_, where) => {
    const folder = await onceOnly();
    const cache = place(await where());
    const first = await build(engine, folder, { cachePlaces: { from: [], to: [cache] } });
    const layers = (await engine.inspectImage(first.service.image))?.layers;
    await forget(folder, first.service.image);

    const details: string[] = [];
    const second = await build(engine, folder, {
      cachePlaces: { from: [cache], to: [cache] },
      onProgress: (event) => event.kind === 'detail' && details.push(event.text),
    });
    expect(second.changed).toBe(true);
    expect((await engine.inspectImage(second.service.image))?.layers).toEqual(layers);
    expect(details).toContainEqual(expect.stringContaining(`from ${cache.name}`));
    await forget(folder, second.service.image);
  });

  it('is filled where there is nothing to build as well', async () => {
    const folder = await onceOnly();
    const built = await build(engine, folder);
    const root = await temporaryFolder();
    const again = await build(engine, folder, { cachePlaces: { from: [], to: [place(root)] } });
    expect(again.changed).toBe(false);
    expect((await readdir(join(root, 'blobs/sha256'))).length).toBeGreaterThan(3);
    await forget(folder, built.service.image);
  });

  it('that is broken ends the build with the way out, and nothing is registered', async () => {
    const folder = await onceOnly();
    const root = await temporaryFolder();
    const cache = place(root);
    const first = await build(engine, folder, { cachePlaces: { from: [], to: [cache] } });
    await forget(folder, first.service.image);
    const blobs = join(root, 'blobs/sha256');
    for (const blob of await readdir(blobs)) {
      const bytes = await readFile(join(blobs, blob));
      if (bytes[0] === 0x1f && bytes[1] === 0x8b) await writeFile(join(blobs, blob), bytes.fill(0, 20));
    }
    const again = build(engine, folder, { cachePlaces: { from: [cache], to: [] } });
    await expect(again).rejects.toMatchObject({
      code: 'build-failed',
      hint: expect.stringContaining('without --cache-from'),
    });
    expect(await engine.inspectImage(first.service.image)).toBeUndefined();
  });
});
