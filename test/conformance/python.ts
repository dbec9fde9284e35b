import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/index.ts';
import type { LanguageAdapter } from './language-adapter.ts';

/** The Python shim from its sources, in the virtual environment that `make setup` creates. */
export const python: LanguageAdapter = {
  name: 'python',
  inexpressible: new Set(),
  start(service) {
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
      signal: (name) => child.kill(name),
      kill: () => child.kill('SIGKILL'),
    };
  },
};
