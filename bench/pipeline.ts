/**
 * Two Python stages in containers, file to file, with acknowledgements and every check on, against the same two functions as plain
 * scripts joined by a shell pipe (json module). Both read the same NDJSON file; both run Debian's Python 3.13, the scripts in one
 * container of the first stage's image without limits. The pairs alternate; ratios are taken pair by pair.
 *
 *   node bench/pipeline.ts [--rows=1000000] [--pairs=3]
 */
import { basename, join } from 'node:path';
import { packageRoot } from '../src/core/index.ts';
import { flightsNdjson } from './support/flights.ts';
import { measure, median, numberFlag, run } from './support/measure.ts';
import { buildService, carry, out } from './support/nstack.ts';

const rows = numberFlag('rows', 1_000_000);
const pairs = numberFlag('pairs', 3);
const bench = join(packageRoot(), 'bench');
const flights = await flightsNdjson(rows);
const { image } = await buildService('bench/pipeline/tidy');
await buildService('bench/pipeline/rate');

const workflow = `file/"${flights}" -> Bench.Tidy -> Bench.Rate -> file/"${join(out, 'nstack.ndjson')}"`;
const script = `cat /bench/out/${basename(flights)} | python3 /bench/pipeline/plain.py tidy | python3 /bench/pipeline/plain.py rate > /bench/out/plain.ndjson`;

async function plain() {
  const mount = ['--rm', '-v', `${bench}:/bench`, '--user', '0', '--network', 'none', '--entrypoint', 'sh'];
  return measure('docker', ['run', ...mount, image, '-c', script]);
}

await plain();
await carry(workflow, rows);
await run('cmp', [join(out, 'plain.ndjson'), join(out, 'nstack.ndjson')]);

const ratios: number[] = [];
const streaming: number[] = [];
for (let pair = 0; pair < pairs; pair++) {
  const script = await plain();
  const nstack = await carry(workflow, rows);
  ratios.push(script.seconds / nstack.seconds);
  streaming.push(script.seconds / (nstack.outcome.milliseconds / 1000));
  const million = (cpu: number) => ((cpu / rows) * 1e6).toFixed(2);
  const rate = (seconds: number) => Math.round(rows / seconds).toLocaleString('en-US');
  process.stdout.write(
    `pair ${pair + 1}: plain scripts ${rate(script.seconds)} messages/s, ${million(script.cpuSeconds)} CPU s a million; ` +
      `nstack ${rate(nstack.seconds)} messages/s from start to end, ${rate(nstack.outcome.milliseconds / 1000)} while streaming, ` +
      `${million(nstack.cpuSeconds)} CPU s a million (hub ${million(nstack.outcome.hub.cpuSeconds)}, ` +
      `${Math.round(nstack.outcome.hub.peakMemory / 1e6)} MB)\n`,
  );
}
process.stdout.write(
  `two Python stages, ${rows.toLocaleString('en-US')} messages, nstack / plain scripts: ${median(ratios).toFixed(2)}x from start to end, ` +
    `${median(streaming).toFixed(2)}x while streaming (median of ${pairs})\n`,
);
