import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/core/index.ts';

const root = packageRoot();
const folder = join(root, 'templates/python');

/** Runs a tool of the virtual environment over the shim; answers its exit code and what it said. */
function run(module: string, ...args: readonly string[]): Promise<{ code: number; said: string }> {
  const env = { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1' };
  const python = join(root, '.cache/python/bin/python');
  return new Promise((resolve, reject) => {
    execFile(python, ['-m', module, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), said: `${stdout}${stderr}` });
    });
  });
}

test("the Python shim passes its own tests, in Python's usual runner", { timeout: 120_000 }, async () => {
  const { code, said } = await run('pytest', '-q');
  expect(code, said).toBe(0);
});

test('the Python shim is free of type errors in strict mode', { timeout: 180_000 }, async () => {
  const { code, said } = await run('mypy', '--cache-dir', join(root, '.cache/mypy'));
  expect(code, said).toBe(0);
});
