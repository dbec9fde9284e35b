import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rotateLog } from '../../src/gateway/rotate-log.ts';

let folder: string;
let descriptor: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-'));
  descriptor = openSync(join(folder, 'log'), 'a');
});
afterEach(async () => {
  closeSync(descriptor);
  await rm(folder, { recursive: true, force: true });
});

it('a log that is too long goes aside, and its writers go on in the same file', async () => {
  const path = join(folder, 'log');
  writeSync(descriptor, 'old '.repeat(10));
  const stop = rotateLog(path, { descriptor, most: 30, every: 5 });
  writeSync(descriptor, 'new');
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await readFile(`${path}.1`, 'utf8')).toBe('old '.repeat(10));
  writeSync(descriptor, 'x'.repeat(40));
  await expect.poll(async () => (await stat(path)).size).toBe(0);
  stop();
  expect(await readFile(`${path}.1`, 'utf8')).toBe(`new${'x'.repeat(40)}`);
});

it('what is not that file is left alone: a terminal, a pipe, another log', async () => {
  const path = join(folder, 'log');
  writeSync(descriptor, 'x'.repeat(40));
  await rename(path, join(folder, 'elsewhere'));
  rotateLog(path, { descriptor, most: 30, every: 60_000 })();
  expect((await stat(join(folder, 'elsewhere'))).size).toBe(40);
});
