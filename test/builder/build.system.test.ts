import { beforeAll, describe, expect, it } from 'vitest';
import type { ProbeFunction } from '../../src/builder/index.ts';
import { NstackError } from '../../src/core/index.ts';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { findService, listServices } from '../../src/registry/index.ts';
import { probeService } from '../../src/stacks/index.ts';
import { readFolder, serviceFolder, writeFiles } from '../stacks/support/service-folder.ts';
import { testEngine } from '../support/engine.ts';
import {
  answerOf,
  build,
  codeOf,
  manifestOf,
  ownPackages,
  packagesOf,
  temporaryName,
  unfinishedTags,
  watched,
} from './support/built-service.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

async function plainService(name: string, answer = '"first"') {
  return serviceFolder({ 'nstack.yaml': manifestOf(name), 'service.py': codeOf(answer) });
}

describe('a build', () => {
  it('makes a registered image that answers, less than a megabyte above its packages', async () => {
    const name = temporaryName(engine);
    const folder = await plainService(name);
    const { service, changed, steps } = await build(engine, folder);
    expect(changed).toBe(true);
    expect(steps.at(-1)?.step).toBe('prove the contract');
    expect(await answerOf(engine, service.image, folder)).toBe('first');
    expect(await findService(engine, name)).toEqual(service);
    const packages = await engine.inspectImage(await packagesOf(engine, folder));
    expect(service.size - (packages?.size ?? 0)).toBeLessThan(1_000_000);
  });

  it('asks the engine two questions where nothing changed, and does nothing', async () => {
    const name = temporaryName(engine);
    const folder = await plainService(name);
    const first = await build(engine, folder);
    const { engine: observed, asked } = watched(engine);
    const second = await build(observed, folder);
    expect(second).toMatchObject({ changed: false, steps: [], service: { imageId: first.service.imageId } });
    expect(asked).toEqual(['inspectImage', 'inspectImage']);
    expect(second.service).toEqual(first.service);
  });

  it('of changed code runs no builder, and replaces the image of a snapshot', async () => {
    const name = temporaryName(engine);
    const folder = await plainService(name);
    const first = await build(engine, folder);
    await writeFiles(folder.root, { 'service.py': codeOf('"second"') });
    const { engine: observed, asked } = watched(engine);
    const second = await build(observed, folder);
    expect(second.changed).toBe(true);
    expect(asked).not.toContain('buildImage');
    expect(asked).not.toContain('saveImage');
    expect(await answerOf(engine, second.service.image, folder)).toBe('second');
    expect(await engine.inspectImage(first.service.imageId)).toBeUndefined();
  });

  it('makes the same image of the same source again', async () => {
    const name = temporaryName(engine);
    const folder = await plainService(name);
    const first = await build(engine, folder);
    await engine.removeImage(first.service.image);
    const second = await build(engine, folder);
    expect(second.changed).toBe(true);
    expect(second.service.imageId).toBe(first.service.imageId);
  });

  it('gives an engine that refuses a part of an image all of it', async () => {
    const name = temporaryName(engine);
    const folder = await plainService(name);
    let loads = 0;
    const picky: ContainerEngine = {
      ...engine,
      async loadImage(archive, signal) {
        if (++loads > 1) return engine.loadImage(archive, signal);
        archive.destroy();
        throw new NstackError('build-failed', 'content digest sha256:1: not found');
      },
    };
    const { service } = await build(picky, folder);
    expect(loads).toBe(2);
    expect(await answerOf(engine, service.image, folder)).toBe('first');
    expect(await unfinishedTags(engine, name)).toEqual([]);
  });

  it('at the same time as another one of the same service leaves one of them nothing to do', async () => {
    const name = temporaryName(engine);
    const folder = await plainService(name);
    const results = await Promise.all([build(engine, folder), build(engine, folder), build(engine, folder)]);
    expect(results.map(({ changed }) => changed).sort()).toEqual([false, false, true]);
    expect(new Set(results.map(({ service }) => service.imageId)).size).toBe(1);
  });

  it('stands on the image of its parent', async () => {
    const [parentName, childName] = [temporaryName(engine), temporaryName(engine)];
    await build(
      engine,
      await serviceFolder({
        'nstack.yaml': manifestOf(parentName, 'version: 1.0.0', 'files: [framework.py]'),
        'framework.py': 'word = "from the parent"\n',
        'service.py': codeOf('"parent"'),
      }),
    );
    const child = await serviceFolder({
      'nstack.yaml': manifestOf(childName, `parent: ${parentName}:1.0.0`),
      'service.py': codeOf('framework.word', 'import framework'),
    });
    const { service } = await build(engine, child);
    expect(await answerOf(engine, service.image, child)).toBe('from the parent');
    expect(await build(engine, child)).toMatchObject({ changed: false });
  });
});

describe('a forced build', () => {
  it('installs the packages again, and leaves none of the old ones without a name', async () => {
    const name = temporaryName(engine);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(name, `commands: ["date +%N > time.txt # ${name}"]`),
      'service.py': codeOf('open("/service/time.txt").read()'),
    });
    await ownPackages(engine, folder);
    const first = await build(engine, folder);
    const before = await answerOf(engine, first.service.image, folder);
    const packagesBefore = await engine.inspectImage(await packagesOf(engine, folder));
    const second = await build(engine, folder, { force: true });
    expect(second.changed).toBe(true);
    expect(await answerOf(engine, second.service.image, folder)).not.toBe(before);
    expect(await engine.inspectImage(packagesBefore?.id ?? '')).toBeUndefined();
  });

  it('of a release is refused', async () => {
    const name = temporaryName(engine);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(name, 'version: 1.0.0'),
      'service.py': codeOf('"first"'),
    });
    await build(engine, folder);
    await expect(build(engine, folder, { force: true })).rejects.toMatchObject({ code: 'release-exists' });
  });
});

describe('a build that fails', () => {
  it('in the proof of the contract leaves the image that was registered as it was', async () => {
    const name = temporaryName(engine);
    const folder = await plainService(name);
    const first = await build(engine, folder);
    await writeFiles(folder.root, { 'service.py': 'def other() -> str:\n    return ""\n' });
    await expect(build(engine, folder)).rejects.toMatchObject({ code: 'contract-broken' });
    expect((await findService(engine, name)).imageId).toBe(first.service.imageId);
    expect(await unfinishedTags(engine, name)).toEqual([]);
  });

  it('in the check of the code says what that found, whatever the start of its container comes to, which is ended', async () => {
    const name = temporaryName(engine);
    const folder = await plainService(name);
    // Its packages are there then: nothing else waits for the check.
    const { service } = await build(engine, folder);
    await writeFiles(folder.root, { 'service.py': codeOf('"second"') });
    const found = new NstackError('contract-broken', 'what the check found');
    const { promise: probing, resolve: begin } = Promise.withResolvers<void>();
    let ended: unknown;
    const options = {
      check: () => probing.then(() => Promise.reject(found)),
      async probe(...[, image, service, signal]: Parameters<ProbeFunction>) {
        begin();
        await probeService(engine, image, service, { signal }).catch((error: unknown) => {
          ended = error;
          throw error;
        });
      },
    };
    await expect(build(engine, folder, options)).rejects.toBe(found);
    expect(ended).toMatchObject({ code: 'interrupted' });
    expect((await findService(engine, name)).imageId).toBe(service.imageId);
    expect(await unfinishedTags(engine, name)).toEqual([]);
    expect((await engine.instances.list()).filter((instance) => instance.service === name)).toEqual([]);
  });

  it('the first time registers nothing', async () => {
    const name = temporaryName(engine);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(name),
      'service.py': 'raise SystemExit(3)\n',
    });
    await expect(build(engine, folder)).rejects.toMatchObject({ code: 'service-failed' });
    expect((await listServices(engine)).map((service) => service.name)).not.toContain(name);
    expect(await engine.listImages(`io.nstack.name=${name}`)).toEqual([]);
  });

  it('is one that is interrupted, and leaves nothing', async () => {
    const name = temporaryName(engine);
    const folder = await plainService(name);
    const controller = new AbortController();
    const probe = async () => controller.abort(new NstackError('interrupted', 'interrupted by the test'));
    await expect(build(engine, folder, { signal: controller.signal, probe })).rejects.toMatchObject({
      code: 'interrupted',
    });
    expect(await engine.listImages(`io.nstack.name=${name}`)).toEqual([]);
  });

  it('is one of another source under the version of a release, which says what to do', async () => {
    const name = temporaryName(engine);
    const release = manifestOf(name, 'version: 1.0.0');
    const folder = await serviceFolder({ 'nstack.yaml': release, 'service.py': codeOf('"first"') });
    const first = await build(engine, folder);
    expect(await build(engine, folder)).toMatchObject({ changed: false });
    await writeFiles(folder.root, { 'service.py': codeOf('"second"') });
    await expect(build(engine, folder)).rejects.toMatchObject({
      code: 'release-exists',
      hint: expect.stringContaining('1.0.0-SNAPSHOT'),
    });
    expect((await findService(engine, `${name}:1.0.0`)).imageId).toBe(first.service.imageId);
    await writeFiles(folder.root, { 'nstack.yaml': release.replace('1.0.0', '1.1.0') });
    const next = await build(engine, await readFolder(folder.root));
    expect(next).toMatchObject({ changed: true, service: { version: '1.1.0' } });
  });

  it('is one whose name differs from another in case alone', async () => {
    const name = temporaryName(engine);
    await build(engine, await plainService(name));
    const folder = await plainService(name.toUpperCase());
    await expect(build(engine, folder)).rejects.toMatchObject({
      message: expect.stringContaining('case alone'),
    });
    expect(await answerOf(engine, (await findService(engine, name)).image, folder)).toBe('first');
  });
});
