import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeInstanceFolder, sweepInstanceFolders } from '../../src/engine/runtime-folder.ts';
import { writeSecretFiles } from '../../src/engine/secret-files.ts';

let runtime: string;
beforeEach(async () => {
  runtime = await mkdtemp(join(tmpdir(), 'nstack-secret-files-'));
  vi.stubEnv('XDG_RUNTIME_DIR', runtime);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(runtime, { recursive: true, force: true });
});

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test('secrets lie in files that every user may read, behind a folder that only this user may enter', async () => {
  const instance = await makeInstanceFolder('owner');
  const folder = await writeSecretFiles(instance, { A: 'text\n', 'b.c': '' });
  expect(await readFile(join(folder, 'A'), 'utf8')).toBe('text\n');
  expect(await readFile(join(folder, 'b.c'), 'utf8')).toBe('');
  expect(await Promise.all([join(runtime, 'nstack'), instance, folder, join(folder, 'A')].map(mode))).toEqual(
    ['700', '711', '755', '444'],
  );
});

test('secrets of an owner that is gone are swept, those of one that lives are not', async () => {
  for (const owner of ['gone', 'lives'])
    await writeSecretFiles(await makeInstanceFolder(owner), { A: 'text' });
  await sweepInstanceFolders(async (owner) => (owner === 'gone' ? 'gone' : 'lives'));
  const left = await readdir(join(runtime, 'nstack'));
  expect(left.map((name) => name.split('.')[0])).toEqual(['lives']);
});
