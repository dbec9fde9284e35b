/**
 * Three stages in Python, Java and Haskell in hardened containers, file to file, with acknowledgements and every check on, against well-written
 * plain programs of the three languages joined by a shell pipe in one container without limits: Python with the json module, Java with Jackson
 * bound to records, Haskell with aeson. The pairs alternate; ratios are taken pair by pair. CPU seconds are told by process:
 * those of the engine, the supervisor and the command line are not among them, nor is the `cat` of the scripts.
 *
 *   node bench/three-languages.ts [--rows=1000000] [--pairs=3]
 */
import { basename, join } from 'node:path';
import { flightsNdjson } from './support/flights.ts';
import { median, numberFlag, run } from './support/measure.ts';
import { type Carried, carry, out } from './support/nstack.ts';
import { watchServiceCpu } from './support/service-cpu.ts';
import { buildPlain, buildServices, type PlainRun, runPlain, stages } from './three-languages/stages.ts';

const rows = numberFlag('rows', 1_000_000);
const pairs = numberFlag('pairs', 3);
const flights = await flightsNdjson(rows);
const services = stages.map(({ service }) => service);
const workflow = `file/"${flights}" -> ${services.join(' -> ')} -> file/"${join(out, 'nstack.ndjson')}"`;

await buildServices();
await buildPlain();
await plain();
await staged();
await run('cmp', [join(out, 'plain.ndjson'), join(out, 'nstack.ndjson')]);

const ratios: { readonly whole: number; readonly streaming: number; readonly cpu: number }[] = [];
for (let pair = 1; pair <= pairs; pair++) {
  const script = await plain();
  const nstack = await staged();
  ratios.push({
    whole: script.seconds / nstack.seconds,
    streaming: script.seconds / (nstack.outcome.milliseconds / 1000),
    cpu: sum(nstack.cpu) / sum(script.cpu),
  });
  process.stdout.write(
    `pair ${pair}: plain programs ${rate(script.seconds)} messages/s, CPU s a million ${cpuTold(script.cpu)}\n` +
      `        nstack ${rate(nstack.seconds)} messages/s from start to end, ${rate(nstack.outcome.milliseconds / 1000)} while streaming, ` +
      `CPU s a million ${cpuTold(nstack.cpu)}, hub ${Math.round(nstack.outcome.hub.peakMemory / 1e6)} MB\n`,
  );
}
const middle = (pick: (ratio: (typeof ratios)[number]) => number) => median(ratios.map(pick)).toFixed(2);
process.stdout.write(
  `three stages in three languages, ${rows.toLocaleString('en-US')} messages, nstack / plain programs: ${middle((one) => one.whole)}x from start to end, ` +
    `${middle((one) => one.streaming)}x while streaming, ${middle((one) => one.cpu)}x the CPU (median of ${pairs})\n`,
);

async function plain(): Promise<PlainRun> {
  return runPlain(stages, basename(flights), 'plain.ndjson');
}

async function staged(): Promise<Carried & { readonly cpu: ReadonlyMap<string, number> }> {
  const watch = watchServiceCpu(services);
  const carried = await carry(workflow, rows);
  const seconds = await watch.stop();
  const byLanguage = stages.map(
    ({ language, service }) => [language, seconds.get(service) ?? Number.NaN] as const,
  );
  return { ...carried, cpu: new Map([['hub', carried.outcome.hub.cpuSeconds], ...byLanguage]) };
}

function rate(seconds: number): string {
  return Math.round(rows / seconds).toLocaleString('en-US');
}

function cpuTold(cpu: ReadonlyMap<string, number>): string {
  const million = (seconds: number) => ((seconds / rows) * 1e6).toFixed(2);
  const parts = [...cpu].map(([who, seconds]) => `${who} ${million(seconds)}`);
  return `${million(sum(cpu))} (${parts.join(', ')})`;
}

function sum(cpu: ReadonlyMap<string, number>): number {
  return [...cpu.values()].reduce((total, seconds) => total + seconds, 0);
}
