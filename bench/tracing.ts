/**
 * What it costs to note the way of every batch: the same workflow of three stages in Python, Java and Haskell, file to file, under one supervisor, started without and
 * with `--trace`. The pairs alternate, and so does who is first in a pair. Results go to a file system in memory, so that the disk, which sets the pace of a durable file, is left
 * out of it; traces and journal are on the disk. Times are those while streaming, which the data path tells. Fails where a message is in no trace.
 *
 *   node bench/tracing.ts [--rows=1000000] [--pairs=4]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startBenchSupervisor } from './support/bench-supervisor.ts';
import { flightsNdjson } from './support/flights.ts';
import { median, numberFlag, told } from './support/measure.ts';
import { withEnding } from './support/with-ending.ts';
import { passageTold, passStarted, services, withServices } from './three-languages/passage.ts';
import { buildServices } from './three-languages/stages.ts';

const rows = numberFlag('rows', 1_000_000);
const pairs = numberFlag('pairs', 4);
const goal = 1.1;

await withEnding(async (own) => {
  const flights = await flightsNdjson(rows);
  await buildServices();
  const supervisor = await own(startBenchSupervisor(), (started) => started.end());
  const folder = await own(mkdtemp('/dev/shm/nstack-bench-'), (made) =>
    rm(made, { recursive: true, force: true }),
  );
  const target = join(folder, 'results.ndjson');
  const text = `file/"${flights}" -> ${services.join(' -> ')} -> file/"${target}"`;

  async function allTraced(name: string): Promise<void> {
    const traces = await supervisor.client.traces(name, 10_000);
    const traced = traces.reduce((sum, { count }) => sum + count, 0);
    if (traced !== rows) throw new Error(`${traced} of ${rows} messages were traced`);
  }

  async function pass(trace: boolean) {
    const look = trace ? { look: allTraced } : {};
    const passage = await withServices(() => passStarted(supervisor, text, rows, { trace, ...look }));
    await rm(target);
    return { ...passage, dataPath: passage.cpu.get('data path') ?? 0 };
  }

  const slowdowns: number[] = [];
  const cpuRatios: number[] = [];
  for (let pair = 1; pair <= pairs; pair++) {
    const order = pair % 2 === 1 ? [false, true] : [true, false];
    const passed = new Map<boolean, Awaited<ReturnType<typeof pass>>>();
    for (const trace of order) passed.set(trace, await pass(trace));
    const [off, on] = [passed.get(false), passed.get(true)];
    if (off === undefined || on === undefined) return;
    slowdowns.push(on.seconds / off.seconds);
    cpuRatios.push(on.dataPath / off.dataPath);
    process.stdout.write(
      `pair ${pair}: without traces ${passageTold(off, rows)}\n           with traces ${passageTold(on, rows)}\n`,
    );
  }
  process.stdout.write(
    `${told(rows)} messages, with traces / without: ${median(slowdowns).toFixed(3)}x the time while streaming (median of ${pairs}; goal at most ${goal}x), ` +
      `${median(cpuRatios).toFixed(3)}x the CPU of the data path\n`,
  );
});
