/**
 * One stage in each language by itself, file to file: a service in its container via nstack, against the plain program of the same stage between
 * two files in a container without limits. The pairs alternate; ratios are taken pair by pair.
 *
 *   node bench/one-stage.ts [--rows=500000] [--pairs=3]
 */
import { basename, join } from 'node:path';
import { flightsNdjson } from './support/flights.ts';
import { median, numberFlag, run } from './support/measure.ts';
import { carry, out } from './support/nstack.ts';
import { watchServiceCpu } from './support/service-cpu.ts';
import { buildPlain, buildServices, runPlain, type Stage, stages } from './three-languages/stages.ts';

const rows = numberFlag('rows', 500_000);
const pairs = numberFlag('pairs', 3);

await buildServices();
await buildPlain();
let source = basename(await flightsNdjson(rows));
for (const stage of stages) {
  // What one stage gives, the next one takes.
  const target = `plain-${stage.language}.ndjson`;
  await runPlain([stage], source, target);
  await compare(stage, source, target);
  source = target;
}

async function compare(stage: Stage, source: string, target: string): Promise<void> {
  const { language, service } = stage;
  const own = join(out, `nstack-${language}.ndjson`);
  const workflow = `file/"${join(out, source)}" -> ${service} -> file/"${own}"`;
  await carry(workflow, rows);
  await run('cmp', [join(out, target), own]);
  const ratios: { readonly whole: number; readonly streaming: number }[] = [];
  for (let pair = 1; pair <= pairs; pair++) {
    const script = await runPlain([stage], source, target);
    const watch = watchServiceCpu([service]);
    const nstack = await carry(workflow, rows);
    const used = await watch.stop();
    const streaming = nstack.outcome.milliseconds / 1000;
    ratios.push({ whole: script.seconds / nstack.seconds, streaming: script.seconds / streaming });
    process.stdout.write(
      `${language}, pair ${pair}: plain program ${rate(script.seconds)} messages/s, ${million(script.cpu.get(language))} CPU s a million; ` +
        `nstack ${rate(nstack.seconds)} messages/s from start to end, ${rate(streaming)} while streaming, ` +
        `CPU s a million: service ${million(used.get(service))}, hub ${million(nstack.outcome.hub.cpuSeconds)}\n`,
    );
  }
  process.stdout.write(
    `one ${language} stage, ${rows.toLocaleString('en-US')} messages, nstack / plain program: ` +
      `${median(ratios.map(({ whole }) => whole)).toFixed(2)}x from start to end, ` +
      `${median(ratios.map(({ streaming }) => streaming)).toFixed(2)}x while streaming (median of ${pairs})\n`,
  );
}

function rate(seconds: number): string {
  return Math.round(rows / seconds).toLocaleString('en-US');
}

function million(seconds = Number.NaN): string {
  return ((seconds / rows) * 1e6).toFixed(2);
}
