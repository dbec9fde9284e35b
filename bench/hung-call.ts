/**
 * How long a call that hangs holds up what comes behind it: from its timeout until it is given up, from there until the replacement of its instance has
 * answered `initialize`, and until the next message is answered; beside a bare cold start of the same image, in turn.
 *
 *   node bench/hung-call.ts [--hangs=10]
 */
import { join } from 'node:path';
import { packageRoot } from '../src/core/index.ts';
import { connectEngine } from '../src/engine/index.ts';
import { readManifest } from '../src/manifest/index.ts';
import { openService } from '../src/registry/index.ts';
import { createLane } from '../src/supervisor/data-path/lane.ts';
import { median, numberFlag } from './support/measure.ts';
import { buildService } from './support/nstack.ts';

const hangs = numberFlag('hangs', 10);
const timeout = 500;
const service = 'test/fixtures/services/trouble';

const engine = await connectEngine();
const { image } = await buildService(service);
const { manifest } = await readManifest(join(packageRoot(), service));

const givenUp: number[] = [];
const replaced: number[] = [];
const answered: number[] = [];
const bare: number[] = [];
// The first round fills the caches.
for (let round = 0; round <= hangs; round++) {
  const cold = await coldStart();
  const hung = await hangOnce();
  if (round === 0) continue;
  bare.push(cold);
  givenUp.push(hung.givenUp);
  replaced.push(hung.replaced);
  answered.push(hung.answered);
}
show('from the timeout until given up', givenUp);
show('from there until initialize is answered', replaced);
show('from there until the next message is answered', answered);
show('a bare cold start of the same image', bare);
process.stdout.write(
  `next message / cold start, medians: ${(median(answered) / median(bare)).toFixed(2)}x\n`,
);

function open() {
  return openService(engine, image, manifest, { parameters: {}, signal: AbortSignal.timeout(60_000) });
}

async function coldStart(): Promise<number> {
  const began = performance.now();
  const { close } = await open();
  const taken = performance.now() - began;
  await close();
  return taken;
}

/** A lane of its own, so that no death counts for the next one. */
async function hangOnce(): Promise<{ givenUp: number; replaced: number; answered: number }> {
  let opened = 0;
  const lane = createLane({
    label: 'Trouble',
    functionName: 'work',
    timeout,
    async open() {
      const instance = await open();
      opened = performance.now();
      return instance;
    },
    onReplaced: () => {},
  });
  try {
    await lane.ready();
    await lane.send([Buffer.from('{"id":1}')], 1);
    const began = performance.now();
    const error: unknown = await lane.send([Buffer.from('{"id":2,"do":"hang"}')], 1).catch((lost) => lost);
    if (!(error instanceof Error)) throw new Error('a call that hangs was answered');
    const lost = performance.now();
    await lane.send([Buffer.from('{"id":3}')], 1);
    return {
      givenUp: lost - began - timeout,
      replaced: opened - lost,
      answered: performance.now() - lost,
    };
  } finally {
    await lane.close();
  }
}

function show(what: string, values: readonly number[]): void {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  process.stdout.write(
    `${what.padEnd(46)} median ${median(values).toFixed(0)} ms, ${least.toFixed(0)} to ${most.toFixed(0)} ms\n`,
  );
}
