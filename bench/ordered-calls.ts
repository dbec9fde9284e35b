/**
 * What it costs to have calls in order: flights from file to file through one Python stage of two instances, results alone in order, calls in order by airport,
 * and in order of the file, which is one partition and so the work of one instance. Times are those while streaming; all take turns.
 *
 *   node bench/ordered-calls.ts [--rows=300000] [--rounds=3]
 */
import { join } from 'node:path';
import { flightsNdjson } from './support/flights.ts';
import { median, numberFlag } from './support/measure.ts';
import { buildService, carry, out } from './support/nstack.ts';

const rows = numberFlag('rows', 300_000);
const rounds = numberFlag('rounds', 3);
const settings = ['', ', order = ".origin"', ', order = "partition"'];

const { name } = await buildService('bench/pipeline/tidy');
const source = await flightsNdjson(rows);
const taken = settings.map((setting) => ({ setting, rates: [] as number[], hub: [] as number[] }));
// The first round fills the caches.
for (let round = 0; round <= rounds; round++) {
  for (const { setting, rates, hub } of taken) {
    const text = `file/"${source}" -> ${name} { replicas = 2${setting} } -> file/"${join(out, 'ordered.ndjson')}"`;
    const { outcome } = await carry(text, rows);
    if (round === 0) continue;
    rates.push((rows * 1000) / outcome.milliseconds);
    hub.push((outcome.hub.cpuSeconds * 1e6) / rows);
  }
}
const plain = median(taken[0]?.rates ?? []);
for (const { setting, rates, hub } of taken) {
  process.stdout.write(
    `{ replicas = 2${setting} }`.padEnd(42) +
      ` ${Math.round(median(rates)).toLocaleString('en')} messages/s (${(median(rates) / plain).toFixed(2)}x), hub ${median(hub).toFixed(1)} CPU s a million\n`,
  );
}
