import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { readFolder, serviceFolder, writeFiles } from '../stacks/support/service-folder.ts';
import { testEngine } from '../support/engine.ts';
import { changeLock, lockOf } from './lock/support/change-lock.ts';
import { answerOf, build, codeOf, manifestOf, temporaryName } from './support/built-service.ts';

afterEach(() => void vi.unstubAllEnvs());
let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

/** A service that says which version of six it has. */
const code = codeOf('six.__version__', 'import six');

describe('nstack.lock of a Python service', { timeout: 600_000 }, () => {
  it('holds old versions until they are upgraded', async () => {
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

    // Any version will do now: the locked one stays.
    await writeFiles(folder.root, { 'nstack.yaml': manifestOf(name, 'packages: ["pip:six"]') });
    const loose = await readFolder(folder.root);
    const kept = await build(engine, loose);
    expect(kept.lock).toEqual({ written: true, changes: [] });
    expect(await answerOf(engine, kept.service.image, loose)).toBe('1.16.0');

    const upgraded = await build(engine, loose, { upgrade: ['pip:six'] });
    const [change] = upgraded.lock?.changes ?? [];
    expect(upgraded.lock?.changes).toHaveLength(1);
    expect(change).toMatchObject({ system: 'pip', name: 'six', before: '1.16.0' });
    expect(await answerOf(engine, upgraded.service.image, loose)).toBe(change?.after);
  });

  it('that names a version which Debian does not have says which, what there is, and the way out', async () => {
    // Nothing listens there: the archive of old versions cannot be reached.
    vi.stubEnv('NSTACK_DEBIAN_SNAPSHOT', 'http://127.0.0.1:9');
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
