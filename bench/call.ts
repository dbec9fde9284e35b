/**
 * One call in flight into a Python service in its container, every check on, beside bare child processes that echo a line: `cat`, and
 * Python without a codec. The three take turns, round by round, so that each sees the same machine; the best round and the median one are told.
 *
 *   node bench/call.ts [--calls=20000] [--rounds=3]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../src/core/index.ts';
import { connectEngine } from '../src/engine/index.ts';
import { findService, openService } from '../src/registry/index.ts';
import { median, numberFlag, percentile, run } from './support/measure.ts';

const calls = numberFlag('calls', 20_000);
const rounds = numberFlag('rounds', 3);
const warmUp = Math.ceil(calls / 10);
/** Milliseconds: what a call has by default, so that its timer is part of what is measured. */
const timeout = 30_000;

const leg =
  '{"date":"2001-01-10T18:20:00Z","hour":18,"route":"DAL-HOU","kilometres":543.1,"delay":17,"late":true}';
const params = Buffer.from(`[${leg}]`);
const frame = `{"jsonrpc":"2.0","id":7,"method":"rate","params":[${leg}]}\n`;
const pythonEcho =
  'import sys\nfor line in sys.stdin.buffer: sys.stdout.buffer.write(line); sys.stdout.buffer.flush()';

interface Contender {
  readonly name: string;
  trip(): Promise<unknown>;
  close(): Promise<void>;
  /** Microseconds, one of each for every round. */
  readonly p50: number[];
  readonly p99: number[];
}

function bareChild(name: string, command: string, ...args: string[]): Contender {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  return {
    name,
    p50: [],
    p99: [],
    trip() {
      const answer = new Promise((resolve) => child.stdout.once('data', resolve));
      child.stdin.write(frame);
      return answer;
    },
    async close() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

async function service(): Promise<Contender> {
  const root = packageRoot();
  await run(process.execPath, [join(root, 'bin/nstack.cjs'), 'build', join(root, 'bench/pipeline/rate')]);
  const signal = AbortSignal.timeout(60_000);
  const engine = await connectEngine({ signal });
  const { image, manifest } = await findService(engine, 'Bench.Rate');
  const { peer, close } = await openService(engine, image, manifest, { parameters: {}, signal });
  return {
    name: 'one call of a Python service',
    p50: [],
    p99: [],
    trip: () => peer.call('rate', params, { timeout }),
    close,
  };
}

/** Microseconds of each round trip. */
async function roundTrips({ trip }: Contender, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let nth = 0; nth < count; nth++) {
    const began = performance.now();
    await trip();
    times.push((performance.now() - began) * 1000);
  }
  return times;
}

function told(what: string, pick: (values: readonly number[]) => number): void {
  const [cat, python, own] = contenders.map(({ p50, p99 }) => [pick(p50), pick(p99)] as const);
  if (cat === undefined || python === undefined || own === undefined) return;
  const [p50, p99] = own;
  const ratio = (bare: readonly [number, number]) =>
    `${(p50 / bare[0]).toFixed(2)}x, ${(p99 / bare[1]).toFixed(2)}x`;
  process.stdout.write(
    `${what}: p50 ${p50.toFixed(0)} us, p99 ${p99.toFixed(0)} us; to cat ${ratio(cat)}, to Python's echo ${ratio(python)} (p50, p99)\n`,
  );
}

const contenders = [
  bareChild('cat', 'cat'),
  bareChild("Python's echo", 'python3', '-c', pythonEcho),
  await service(),
];
try {
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      await roundTrips(contender, warmUp);
      const times = await roundTrips(contender, calls);
      const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
      contender.p50.push(p50);
      contender.p99.push(p99);
      process.stdout.write(
        `round ${round}, ${contender.name}: p50 ${p50.toFixed(0)} us, p99 ${p99.toFixed(0)} us\n`,
      );
    }
  }
  told('best', (values) => Math.min(...values));
  told('median', median);
} finally {
  for (const contender of contenders) await contender.close();
}
