import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseLock } from '../../src/builder/lock/parse-lock.ts';
import { printLock } from '../../src/builder/lock/print-lock.ts';
import type { ServiceLock } from '../../src/builder/lock/service-lock.ts';
import type { ContainerEngine } from '../../src/engine/index.ts';
import type { ServiceFolder } from '../../src/stacks/index.ts';
import { readFolder, serviceFolder, writeFiles } from '../stacks/support/service-folder.ts';
import { testEngine } from '../support/engine.ts';
import { answerOf, build, codeOf, manifestOf, temporaryName, watched } from './support/built-service.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

/** A service that says which version of six it has. */
const code = codeOf('six.__version__', 'import six');

async function lockOf({ root }: ServiceFolder): Promise<ServiceLock> {
  const { lock } = parseLock(await readFile(join(root, 'nstack.lock')), 'nstack.lock');
  if (lock === undefined) throw new Error('the lock that was written cannot be read');
  return lock;
}

async function changeLock(folder: ServiceFolder, change: (lock: ServiceLock) => ServiceLock): Promise<void> {
  await writeFile(join(folder.root, 'nstack.lock'), printLock(change(await lockOf(folder))));
}

describe('nstack.lock of a Python service', { timeout: 600_000 }, () => {
  it('is written by the first build, after which there is nothing to do, and holds old versions until they are upgraded', async () => {
    const name = temporaryName(engine);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(name, 'packages: ["pip:six==1.16.0"]'),
      'service.py': code,
    });
    const first = await build(engine, folder);
    expect(first.lock).toEqual({ written: true, changes: [] });
    const lock = await lockOf(folder);
    expect(lock.asked).toEqual(['pip:six==1.16.0']);
    expect(lock.packages.pip).toEqual([
      { name: 'six', version: '1.16.0', hashes: [expect.stringMatching(/^sha256:/)] },
    ]);
    expect(lock.packages.apt.map((one) => one.name)).toContain('python3-msgspec');
    expect(lock.base.image).toBe((await engine.inspectImage('nstack/base:trixie'))?.id);

    expect(await build(engine, folder)).toMatchObject({ changed: false });
    expect(await build(engine, folder, { frozen: true })).toMatchObject({ changed: false });

    // Any version will do now: the locked one stays.
    await writeFiles(folder.root, { 'nstack.yaml': manifestOf(name, 'packages: ["pip:six"]') });
    const loose = await readFolder(folder.root);
    await expect(build(engine, loose, { frozen: true })).rejects.toMatchObject({
      code: 'lock-differs',
      message: expect.stringContaining('pip:six came; pip:six==1.16.0 went'),
    });
    const kept = await build(engine, loose);
    expect(kept.lock).toEqual({ written: true, changes: [] });
    expect(await answerOf(engine, kept.service.image, loose)).toBe('1.16.0');

    // From nothing but the lock, too.
    await engine.removeImage(kept.service.image);
    const { engine: observed, asked } = watched(engine);
    const again = await build(observed, loose);
    expect(again.service.imageId).toBe(kept.service.imageId);
    expect(asked).not.toContain('buildImage');

    const upgraded = await build(engine, loose, { upgrade: ['pip:six'] });
    const [change] = upgraded.lock?.changes ?? [];
    expect(upgraded.lock?.changes).toHaveLength(1);
    expect(change).toMatchObject({ system: 'pip', name: 'six', before: '1.16.0' });
    expect(await answerOf(engine, upgraded.service.image, loose)).toBe(change?.after);
  });

  it('that names a file with another digest is not installed', async () => {
    const name = temporaryName(engine);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(name, 'packages: ["pip:six==1.16.0"]'),
      'service.py': code,
    });
    await build(engine, folder);
    await changeLock(folder, (lock) => ({
      ...lock,
      packages: {
        ...lock.packages,
        pip: lock.packages.pip.map((one) => ({ ...one, hashes: [`sha256:${'0'.repeat(64)}`] })),
      },
    }));
    await expect(build(engine, folder)).rejects.toMatchObject({
      code: 'lock-differs',
      message: expect.stringContaining('six'),
      hint: expect.stringContaining('nstack upgrade'),
    });
  });

  it('that names a version which Debian does not have says which, what there is, and the way out', async () => {
    const name = temporaryName(engine);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(name, 'packages: [libyaml]'),
      'service.py': codeOf('"x"'),
    });
    await build(engine, folder);
    await changeLock(folder, (lock) => ({
      ...lock,
      packages: {
        ...lock.packages,
        apt: lock.packages.apt.map((one) =>
          one.name === 'libyaml-0-2' ? { ...one, version: '0.2.4-1' } : one,
        ),
      },
    }));
    await expect(build(engine, folder)).rejects.toMatchObject({
      code: 'lock-differs',
      message: expect.stringMatching(
        /apt:libyaml-0-2 0\.2\.4-1 is locked, and 0\.2\.\S+ was found; .*archive/,
      ),
      hint: expect.stringContaining('nstack upgrade'),
    });
  });
});
