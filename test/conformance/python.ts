import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/index.ts';
import type { Gate, LanguageAdapter } from './language-adapter.ts';

/** The Python shim from its sources, in the virtual environment that `make setup` creates. */
export const python: LanguageAdapter = {
  name: 'python',
  inexpressible: new Set(),
  prepare: () => Promise.resolve(),
  async start(service) {
    const root = packageRoot();
    const child = spawn(join(root, '.cache/python/bin/python'), ['-m', 'nstack'], {
      env: {
        PATH: process.env.PATH,
        PYTHONPATH: join(root, 'templates/python'),
        PYTHONDONTWRITEBYTECODE: '1',
        NSTACK_ENTRY: join(root, `test/fixtures/services/python-${service}/service.py`),
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // A shim that is gone is seen on its output and its exit.
    child.stdin.on('error', () => {});
    const exited = new Promise<number | NodeJS.Signals>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? signal ?? 0));
    });
    return {
      input: child.stdin,
      output: child.stdout,
      log: child.stderr,
      exited,
      settled: () => {},
      signal: (name) => child.kill(name),
      kill: () => child.kill('SIGKILL'),
      createGate,
    };
  },
};

async function createGate(): Promise<Gate> {
  const folder = await mkdtemp(join(tmpdir(), 'nstack-gate-'));
  const path = join(folder, 'gate');
  execFileSync('mkfifo', [path]);
  return {
    path,
    open: (word) => writeFile(path, word),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
