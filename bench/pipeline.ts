/**
 * Two Python stages in containers, file to file, with acknowledgements and every check on, against the same two functions as plain
 * scripts joined by a shell pipe (json module). Both read the same NDJSON file; both run Debian's Python 3.13, the scripts in one
 * container of the first stage's image without limits. The pairs alternate; ratios are taken pair by pair.
 *
 *   node bench/pipeline.ts [--rows=1000000] [--pairs=3]
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/core/index.ts';
import { measure, median, numberFlag, run } from './support/measure.ts';

const rows = numberFlag('rows', 1_000_000);
const pairs = numberFlag('pairs', 3);
const root = packageRoot();
const nstack = join(root, 'bin/nstack.cjs');
const bench = join(root, 'bench');
const out = join(bench, 'out');
const flights = join(out, `flights-${rows}.ndjson`);

mkdirSync(out, { recursive: true });
if (!existsSync(flights)) {
  const parquet = join(root, 'node_modules/vega-datasets/data/flights-3m.parquet');
  const { writeNdjson } = await import('./support/flights.ts');
  await writeNdjson(parquet, flights, rows);
}
for (const stage of ['tidy', 'rate'])
  await run(process.execPath, [nstack, 'build', join(bench, 'pipeline', stage)]);
const image = JSON.parse(await run(process.execPath, [nstack, 'info', 'Bench.Tidy', '--json'])).image;

const workflow = `file/"${flights}" -> Bench.Tidy -> Bench.Rate -> file/"${join(out, 'nstack.ndjson')}"`;
const script = `cat /bench/out/flights-${rows}.ndjson | python3 /bench/pipeline/plain.py tidy | python3 /bench/pipeline/plain.py rate > /bench/out/plain.ndjson`;

async function plain() {
  const mount = ['--rm', '-v', `${bench}:/bench`, '--user', '0', '--network', 'none', '--entrypoint', 'sh'];
  return measure('docker', ['run', ...mount, image, '-c', script]);
}

async function staged() {
  const measured = await measure(process.execPath, [nstack, 'run', workflow, '--json'], { cwd: out });
  const outcome = JSON.parse(measured.stdout);
  if (outcome.out !== rows || outcome.lost !== 0) throw new Error(`nstack carried ${outcome.out} of ${rows}`);
  return { ...measured, outcome };
}

await plain();
await staged();
await run('cmp', [join(out, 'plain.ndjson'), join(out, 'nstack.ndjson')]);

const ratios: number[] = [];
const streaming: number[] = [];
for (let pair = 0; pair < pairs; pair++) {
  const script = await plain();
  const nstack = await staged();
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
