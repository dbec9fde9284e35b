/**
 * Peak resident memory of the data path on few and on many messages: file to file through the three stages of the demo, from Parquet, so that DuckDB's
 * process stands beside it and is not counted.
 *
 *   node bench/memory.ts [--few=300000] [--many=3000000]
 */
import { join } from 'node:path';
import { parquet } from './support/flights.ts';
import { numberFlag } from './support/measure.ts';
import { buildService, carry, out } from './support/nstack.ts';

for (const service of ['clean', 'score', 'advise']) await buildService(`examples/flights/${service}`);

async function peak(rows: number): Promise<number> {
  const workflow = `file/"${parquet}" -> Clean -> Score -> Advise -> file/"${join(out, 'memory.ndjson')}"`;
  const { outcome } = await carry(workflow, rows, `--rows=${rows}`);
  const megabytes = outcome.hub.peakMemory / 1e6;
  process.stdout.write(
    `${rows.toLocaleString('en-US')} messages: ${megabytes.toFixed(0)} MB, ${Math.round((rows * 1000) / outcome.milliseconds).toLocaleString('en-US')} messages/s\n`,
  );
  return megabytes;
}

const few = await peak(numberFlag('few', 300_000));
const many = await peak(numberFlag('many', 3_000_000));
process.stdout.write(`peak memory of the data path, many / few: ${(many / few).toFixed(2)}x\n`);
