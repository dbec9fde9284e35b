/**
 * Peak resident memory of the data path on few and on many messages: file to file through two Python stages, from Parquet, so that DuckDB's
 * process stands beside it and is not counted.
 *
 *   node bench/memory.ts [--few=300000] [--many=3000000]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/core/index.ts';
import { numberFlag, run } from './support/measure.ts';

const root = packageRoot();
const nstack = join(root, 'bin/nstack.cjs');
const out = join(root, 'bench/out');
const flights = join(root, 'node_modules/vega-datasets/data/flights-3m.parquet');
mkdirSync(out, { recursive: true });
for (const service of ['clean', 'score'])
  await run(process.execPath, [nstack, 'build', join(root, 'examples/flights', service)]);

async function peak(rows: number): Promise<number> {
  const workflow = `file/"${flights}" -> Clean -> Score -> file/"${join(out, 'memory.ndjson')}"`;
  const outcome = JSON.parse(
    await run(process.execPath, [nstack, 'run', workflow, `--rows=${rows}`, '--json']),
  );
  if (outcome.out !== rows || outcome.lost !== 0) throw new Error(`nstack carried ${outcome.out} of ${rows}`);
  const megabytes = outcome.hub.peakMemory / 1e6;
  process.stdout.write(
    `${rows.toLocaleString('en-US')} messages: ${megabytes.toFixed(0)} MB, ${Math.round((rows * 1000) / outcome.milliseconds).toLocaleString('en-US')} messages/s\n`,
  );
  return megabytes;
}

const few = await peak(numberFlag('few', 300_000));
const many = await peak(numberFlag('many', 3_000_000));
process.stdout.write(`peak memory of the data path, many / few: ${(many / few).toFixed(2)}x\n`);
