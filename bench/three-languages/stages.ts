import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/index.ts';
import { type Measured, measure, run } from '../support/measure.ts';
import { buildService, out } from '../support/nstack.ts';

/** A stage of the benchmark: a service, and the plain program that does the same from standard input to standard output. */
export interface Stage {
  readonly language: string;
  readonly service: string;
  readonly folder: string;
  readonly plain: string;
}

export const stages: readonly Stage[] = [
  {
    language: 'Python',
    service: 'Bench.Three.Tidy',
    folder: 'bench/three-languages/tidy',
    plain: 'python3 plain.py',
  },
  {
    language: 'Java',
    service: 'Bench.Three.Price',
    folder: 'bench/three-languages/price',
    plain: "java -cp 'classes:/usr/share/java/*' Plain",
  },
  {
    language: 'Haskell',
    service: 'Bench.Three.Advise',
    folder: 'bench/three-languages/advise',
    plain: './advise',
  },
];

const image = 'nstack-bench-plain';

export async function buildServices(): Promise<void> {
  for (const { folder } of stages) await buildService(folder);
}

/** The image with the plain programs; it stands on the base image, which building a service brings. */
export async function buildPlain(): Promise<void> {
  const context = join(packageRoot(), 'bench/three-languages');
  await run('docker', ['build', '--quiet', '--network', 'host', '--tag', image, context]);
}

export interface PlainRun extends Measured {
  /** CPU seconds of each program, by language. */
  readonly cpu: ReadonlyMap<string, number>;
}

/** Runs the plain programs of these stages, joined by pipes, over one file in bench/out into another: in one container without limits. */
export async function runPlain(chosen: readonly Stage[], source: string, target: string): Promise<PlainRun> {
  const timed = chosen.map(({ language, plain }) => `{ time ${plain}; } 2>/out/plain-${language}.time`);
  const script = `TIMEFORMAT='%U %S'; set -o pipefail; cat /out/${source} | ${timed.join(' | ')} > /out/${target}`;
  const options = ['--rm', '--volume', `${out}:/out`, '--network', 'none'];
  const measured = await measure('docker', ['run', ...options, image, 'bash', '-c', script]);
  return { ...measured, cpu: new Map(chosen.map(({ language }) => [language, cpuOf(language)])) };
}

/** What bash's `time` has written: user and system seconds, on the last line. */
function cpuOf(language: string): number {
  const lines = readFileSync(join(out, `plain-${language}.time`), 'utf8')
    .trim()
    .split('\n');
  const [user = Number.NaN, system = Number.NaN] = (lines.at(-1) ?? '').split(' ').map(Number);
  return user + system;
}
