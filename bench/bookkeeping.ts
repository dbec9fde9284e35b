/**
 * What it costs to be able to go on: three stages in Python, Java and Haskell, file to file, by `nstack run` (no position is kept, a file that is whole or
 * not at all) against `nstack start` under a supervisor (positions in the journal, dead letters kept, each write of the file synced before it counts). The
 * two file sinks differ, and the disk with them: the second round writes the results to a file system in memory, which leaves the bookkeeping alone. State and
 * journal are on the disk in both. The pairs alternate; times are those while streaming, which the data path tells.
 *
 * CPU seconds are those of the data path and of the services, and under `nstack start` of the supervisor; a run's own supervisor and command line are not seen.
 *
 *   node bench/bookkeeping.ts [--rows=1000000] [--pairs=3]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startBenchSupervisor } from './support/bench-supervisor.ts';
import { flightsNdjson } from './support/flights.ts';
import { median, numberFlag, run, told } from './support/measure.ts';
import { carry, out } from './support/nstack.ts';
import { withEnding } from './support/with-ending.ts';
import { type Passage, passageTold, passStarted, services, withServices } from './three-languages/passage.ts';
import { buildServices } from './three-languages/stages.ts';

const rows = numberFlag('rows', 1_000_000);
const pairs = numberFlag('pairs', 3);
const goal = 1.05;

await withEnding(async (own) => {
  const flights = await flightsNdjson(rows);
  await buildServices();
  const supervisor = await own(startBenchSupervisor(), (started) => started.end());
  const makeFolder = (below: string) =>
    own(mkdtemp(join(below, 'nstack-bench-')), (made) => rm(made, { recursive: true, force: true }));
  const folders = [
    ['the disk', await makeFolder(out)],
    ['memory', await makeFolder('/dev/shm')],
  ] as const;

  for (const [where, folder] of folders) {
    const slowdowns: number[] = [];
    for (let pair = 1; pair <= pairs; pair++) {
      const [ran, started] = [join(folder, 'run.ndjson'), join(folder, 'start.ndjson')];
      const text = (target: string) => `file/"${flights}" -> ${services.join(' -> ')} -> file/"${target}"`;
      const plain = await withServices(() => runOnce(text(ran)));
      const durable = await withServices(() => passStarted(supervisor, text(started), rows));
      if (pair === 1) await run('cmp', [ran, started]);
      await Promise.all([rm(ran), rm(started)]);
      slowdowns.push(durable.seconds / plain.seconds);
      process.stdout.write(
        `${where}, pair ${pair}: run ${passageTold(plain, rows)}\n${' '.repeat(where.length)}          start ${passageTold(durable, rows)}\n`,
      );
    }
    process.stdout.write(
      `results to ${where}, ${told(rows)} messages, nstack start / nstack run: ${median(slowdowns).toFixed(3)}x the time ` +
        `while streaming (median of ${pairs}; goal at most ${goal}x)\n`,
    );
  }
});

async function runOnce(workflow: string): Promise<Passage> {
  const { outcome } = await carry(workflow, rows);
  return { seconds: outcome.milliseconds / 1000, cpu: new Map([['data path', outcome.hub.cpuSeconds]]) };
}
