/**
 * How long the program takes to start, beside Node alone in the same run: `--version` and `--help` against `node -e 0`, in turns.
 *
 *   node bench/start-up.ts [--runs=15]
 */
import { join } from 'node:path';
import { packageRoot } from '../src/core/index.ts';
import { median, numberFlag, run } from './support/measure.ts';

const nstack = join(packageRoot(), 'bin/nstack.cjs');
const commands = {
  'node -e 0': ['-e', '0'],
  'nstack --version': [nstack, '--version'],
  'nstack --help': [nstack, '--help'],
};
const times = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));

for (let turn = 0; turn <= numberFlag('runs', 15); turn++) {
  for (const [name, args] of Object.entries(commands)) {
    const began = performance.now();
    await run(process.execPath, args);
    // The first turn fills the caches.
    if (turn > 0) times.get(name)?.push(performance.now() - began);
  }
}

const alone = median(times.get('node -e 0') ?? []);
for (const [name, taken] of times) {
  const middle = median(taken);
  process.stdout.write(
    `${name}: ${middle.toFixed(0)} ms, ${(middle / alone).toFixed(2)}x node -e 0 (least ${Math.min(...taken).toFixed(0)} ms)\n`,
  );
}
