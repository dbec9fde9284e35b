import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readManifest } from '../../src/manifest/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nstack-manifest-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a folder without nstack.yaml is told, with the way to a new service', async () => {
  await expect(readManifest(folder)).rejects.toMatchObject({
    code: 'file-missing',
    hint: expect.stringContaining('nstack init'),
  });
  await expect(readManifest(join(folder, 'none'))).rejects.toMatchObject({ code: 'file-missing' });
});

test('a manifest comes with its path and its text', async () => {
  const text = 'name: Clean\nstack: python\napi: "clean: Text -> Text"\n';
  await writeFile(join(folder, 'nstack.yaml'), text);
  const read = await readManifest(folder);
  expect(read).toMatchObject({ text, file: join(folder, 'nstack.yaml'), manifest: { name: 'Clean' } });
});

test('faults come all at once', async () => {
  await writeFile(join(folder, 'nstack.yaml'), 'nam: Clean\nstack: pyton\n');
  const error = await readManifest(folder).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'manifest-invalid', message: expect.stringContaining('has 3 faults') });
  expect(error).toHaveProperty('diagnostics.length', 3);
});

test('a file of 10 GB is refused by its size, unread', async () => {
  await writeFile(join(folder, 'nstack.yaml'), '');
  await truncate(join(folder, 'nstack.yaml'), 10_000_000_000);
  await expect(readManifest(folder)).rejects.toMatchObject({
    code: 'manifest-invalid',
    diagnostics: [{ message: expect.stringContaining('has 10000000000 bytes') }],
  });
});

test('a folder of that name is no manifest', async () => {
  await mkdir(join(folder, 'nstack.yaml'));
  await expect(readManifest(folder)).rejects.toMatchObject({ code: 'file-unreadable' });
});
