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
import { type BenchSupervisor, startBenchSupervisor } from './support/bench-supervisor.ts';
import { flightsNdjson } from './support/flights.ts';
import { median, numberFlag, run, told } from './support/measure.ts';
import { carry, out } from './support/nstack.ts';
import { cpuSeconds } from './support/process-usage.ts';
import { watchServiceCpu } from './support/service-cpu.ts';
import { withEnding } from './support/with-ending.ts';
import { buildServices, stages } from './three-languages/stages.ts';

const rows = numberFlag('rows', 1_000_000);
const pairs = numberFlag('pairs', 3);
const goal = 1.05;
const services = stages.map(({ service }) => service);

interface Carried {
  /** While streaming. */
  readonly seconds: number;
  readonly cpu: ReadonlyMap<string, number>;
}

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
      const durable = await withServices(() => startOnce(supervisor, text(started)));
      if (pair === 1) await run('cmp', [ran, started]);
      await Promise.all([rm(ran), rm(started)]);
      slowdowns.push(durable.seconds / plain.seconds);
      process.stdout.write(
        `${where}, pair ${pair}: run ${carriedTold(plain)}\n${' '.repeat(where.length)}          start ${carriedTold(durable)}\n`,
      );
    }
    process.stdout.write(
      `results to ${where}, ${told(rows)} messages, nstack start / nstack run: ${median(slowdowns).toFixed(3)}x the time ` +
        `while streaming (median of ${pairs}; goal at most ${goal}x)\n`,
    );
  }
});

async function runOnce(workflow: string): Promise<Carried> {
  const { outcome } = await carry(workflow, rows);
  return { seconds: outcome.milliseconds / 1000, cpu: new Map([['data path', outcome.hub.cpuSeconds]]) };
}

async function startOnce({ client, pid, start, until }: BenchSupervisor, workflow: string): Promise<Carried> {
  const name = 'flights';
  const before = cpuSeconds(pid);
  await start(name, workflow);
  const { outcome } = await until(name, ({ state }) => state === 'ended');
  if (outcome?.out !== rows || outcome.lost !== 0 || outcome.hub === undefined)
    throw new Error(`nstack carried ${outcome?.out} of ${rows}`);
  const supervisor = cpuSeconds(pid) - before;
  await client.remove(name);
  return {
    seconds: outcome.milliseconds / 1000,
    cpu: new Map([
      ['data path', outcome.hub.cpuSeconds],
      ['supervisor', supervisor],
    ]),
  };
}

async function withServices(work: () => Promise<Carried>): Promise<Carried> {
  const watch = watchServiceCpu(services);
  const { seconds, cpu } = await work();
  const byService = await watch.stop();
  const byLanguage = stages.map(({ language, service }) => [language, byService.get(service) ?? 0] as const);
  return { seconds, cpu: new Map([...cpu, ...byLanguage]) };
}

function carriedTold({ seconds, cpu }: Carried): string {
  const million = (spent: number) => ((spent / rows) * 1e6).toFixed(2);
  const parts = [...cpu].map(([who, spent]) => `${who} ${million(spent)}`);
  return `${told(rows / seconds)} messages/s, CPU s a million: ${parts.join(', ')}`;
}
