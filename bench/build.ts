/**
 * `nstack build` as a user starts it, beside `node -e 0`: where nothing changed, and where only the code did, probe included. Needs dist/
 * (npm run build) and a container engine.
 *
 *   node bench/build.ts [--rounds=15]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../src/core/index.ts';
import { connectEngine } from '../src/engine/index.ts';
import { measure, median, numberFlag } from './support/measure.ts';

const rounds = numberFlag('rounds', 15);
const program = join(packageRoot(), 'bin/nstack.cjs');
const folder = await mkdtemp(join(tmpdir(), 'nstack-bench-build-'));

try {
  await writeFile(
    join(folder, 'nstack.yaml'),
    'name: BenchBuild\nstack: python\napi: |\n  greet : Text -> Text\n',
  );
  await changeCode(0);
  await build();
  const times: Record<'node -e 0' | 'nothing changed' | 'code changed', number[]> = {
    'node -e 0': [],
    'nothing changed': [],
    'code changed': [],
  };
  for (let round = 1; round <= rounds; round++) {
    times['node -e 0'].push(await milliseconds(process.execPath, ['-e', '0']));
    times['nothing changed'].push(await build());
    await changeCode(round);
    times['code changed'].push(await build());
  }
  const node = median(times['node -e 0']);
  for (const [what, values] of Object.entries(times)) {
    const [middle, least] = [median(values), Math.min(...values)];
    process.stdout.write(
      `${what.padEnd(16)} median ${middle.toFixed(0).padStart(5)} ms   least ${least.toFixed(0).padStart(5)} ms   ${(middle / node).toFixed(1)} x node\n`,
    );
  }
} finally {
  await (await connectEngine()).removeImage('nstack/benchbuild:0.0.1-SNAPSHOT');
  await rm(folder, { recursive: true });
}

function changeCode(round: number): Promise<void> {
  return writeFile(
    join(folder, 'service.py'),
    `def greet(name: str) -> str:\n    return "Hello ${round}, " + name\n`,
  );
}

function build(): Promise<number> {
  return milliseconds(process.execPath, [program, 'build', folder]);
}

async function milliseconds(command: string, args: readonly string[]): Promise<number> {
  return (await measure(command, args)).seconds * 1000;
}
