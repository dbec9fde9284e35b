/**
 * What a workflow costs that has little to do: a file that grows by 1,000 lines a second, one Python stage, a file of results; CPU as a share of one processor
 * and memory of the supervisor and of the data path, beside `tail -F | python3` with the same function in a container. Then the same of a supervisor with
 * ten workflows that have nothing to do. Memory is the highest of what was seen every five seconds. Resident memory counts Node's own code in each process; the sum with it counted once is what
 * the processes take together on a machine without other Node processes. Two Node processes that do nothing stand beside it, since no less is possible.
 *
 *   node bench/supervisor-load.ts [--rate=1000] [--seconds=30] [--every=10] [--idle=10] [--idle-seconds=20]
 *
 * `--every`: milliseconds between two additions to the file.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../src/core/index.ts';
import { type BenchSupervisor, startBenchSupervisor } from './support/bench-supervisor.ts';
import { numberFlag, run, told } from './support/measure.ts';
import { buildService, out } from './support/nstack.ts';
import { cpuSeconds, type Memory, memoryOf } from './support/process-usage.ts';
import { containerCpu, containersOf } from './support/service-cpu.ts';
import { type Own, withEnding } from './support/with-ending.ts';

const rate = numberFlag('rate', 1_000);
const seconds = numberFlag('seconds', 30);
const every = numberFlag('every', 10);
const idle = numberFlag('idle', 10);
const idleSeconds = numberFlag('idle-seconds', 20);
const warmUp = 5;
const goal = { cores: 0.3, megabytes: 120 };
const service = 'Bench.Pass';

/** A share of one processor, and memory in MB. */
interface Use extends Memory {
  readonly cores: number;
}

interface Sum extends Use {
  /** What the processes take together: what is each one's own, and what they share, counted once. MB. */
  readonly together: number;
}

await withEnding(async (own) => {
  const { image } = await buildService('bench/latency/pass');
  const folder = await own(mkdtemp(join(out, 'load-')), (made) => rm(made, { recursive: true, force: true }));
  const bare = await own(
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'ignore' }),
    (child) => child.kill(),
  );
  await once(bare, 'spawn');
  const plain = await measurePlain(own, folder, image);
  const floor = memoryOf(bare.pid ?? 0);
  const twoBare = floor.rss + floor.own;
  process.stdout.write(
    `tail -F | python3: ${plain.toFixed(3)} cores\na bare Node process: ${memoryTold(floor)}\n`,
  );

  const supervisor = await own(startBenchSupervisor(), (started) => started.end());
  const both = await measureLoad(own, supervisor, folder);
  await measureIdle(supervisor, folder);
  process.stdout.write(
    `one workflow at ${told(rate)} messages/s: supervisor and data path ${both.cores.toFixed(3)} cores (${(both.cores / plain).toFixed(1)}x tail and Python; ` +
      `goal at most ${goal.cores}), ${both.together.toFixed(0)} MB with shared pages counted once (${(both.together / twoBare).toFixed(2)}x two bare Node ` +
      `processes; goal at most ${goal.megabytes} MB)\n`,
  );
});

/** Cores that `tail -F` and a plain script use, the interpreter's start left out. */
async function measurePlain(own: Own, folder: string, image: string): Promise<number> {
  const options = ['--rm', '--detach', '--network=none', '--user=0', '--entrypoint=sh'];
  const mounts = [`--volume=${folder}:/load`, `--volume=${join(packageRoot(), 'bench/latency')}:/bench:ro`];
  writeFileSync(join(folder, 'plain-in.ndjson'), '');
  const script = 'tail -n +1 -F /load/plain-in.ndjson | python3 -u /bench/plain.py > /load/plain-out.ndjson';
  const id = await own(run('docker', ['run', ...options, ...mounts, image, '-c', script]), (started) =>
    run('docker', ['rm', '--force', started.trim()]).catch(() => {}),
  );
  const read = await containerCpu(id.trim());
  const cores = await whileFed(own, join(folder, 'plain-in.ndjson'), async () => {
    const before = read();
    await sleep(seconds * 1000);
    return (read() - before) / seconds;
  });
  await allArrived(join(folder, 'plain-in.ndjson'), join(folder, 'plain-out.ndjson'));
  await run('docker', ['rm', '--force', id.trim()]);
  return cores;
}

async function measureLoad(own: Own, supervisor: BenchSupervisor, folder: string): Promise<Sum> {
  const [source, target] = [join(folder, 'in.ndjson'), join(folder, 'out.ndjson')];
  writeFileSync(source, '');
  const dataPath = await supervisor.start('load', textOf(source, target));
  const [id = ''] = await containersOf(service);
  const stage = await containerCpu(id);
  const uses = await whileFed(own, source, async () => {
    const before = stage();
    const found = await usesOf([supervisor.pid, dataPath], seconds);
    process.stdout.write(`service: ${((stage() - before) / seconds).toFixed(3)} cores\n`);
    return found;
  });
  await allArrived(source, target);
  await supervisor.client.stop('load', { now: false });
  await supervisor.client.remove('load');
  for (const [index, who] of ['supervisor', 'data path'].entries()) {
    const use = uses[index] as Use;
    process.stdout.write(`${who}: ${use.cores.toFixed(3)} cores, ${memoryTold(use)}\n`);
  }
  return sumOf(uses);
}

async function measureIdle(supervisor: BenchSupervisor, folder: string): Promise<void> {
  const dataPaths: number[] = [];
  for (let index = 1; index <= idle; index++) {
    const [source, target] = [join(folder, `idle-${index}.ndjson`), join(folder, `idle-${index}-out.ndjson`)];
    writeFileSync(source, '');
    dataPaths.push(await supervisor.start(`idle-${index}`, textOf(source, target)));
  }
  await sleep(warmUp * 1000);
  const [above, ...each] = await usesOf([supervisor.pid, ...dataPaths], idleSeconds);
  if (above === undefined) return;
  process.stdout.write(
    `supervisor of ${idle} idle workflows: ${above.cores.toFixed(3)} cores, ${memoryTold(above)}\n`,
  );
  const all = sumOf(each);
  process.stdout.write(
    `their data paths together: ${all.cores.toFixed(3)} cores, ${memoryTold(all)}, shared pages once ${all.together.toFixed(0)} MB\n`,
  );
}

function textOf(source: string, target: string): string {
  return `file/"${source}" { follow = true } -> ${service} -> file/"${target}"`;
}

/** Adds lines to the file at the steady rate until the work is done, which begins when all has warmed up. */
async function whileFed<T>(own: Own, file: string, work: () => Promise<T>): Promise<T> {
  const text = 'x'.repeat(60);
  const began = performance.now();
  let next = 0;
  const timer = await own(
    setInterval(() => {
      const due = Math.floor(((performance.now() - began) / 1000) * rate);
      let lines = '';
      for (; next < due; next++) lines += `{"n":${next},"text":"${text}"}\n`;
      if (lines !== '') appendFileSync(file, lines);
    }, every),
    (started) => clearInterval(started),
  );
  await sleep(warmUp * 1000);
  const result = await work();
  clearInterval(timer);
  return result;
}

async function allArrived(source: string, target: string): Promise<void> {
  const lines = (file: string) => readFileSync(file, 'latin1').split('\n').length - 1;
  const all = lines(source);
  for (let waited = 0; lines(target) < all; waited += 100) {
    if (waited > 10_000) throw new Error(`${lines(target)} of ${all} messages arrived`);
    await sleep(100);
  }
}

async function usesOf(pids: readonly number[], span: number): Promise<readonly Use[]> {
  const before = pids.map(cpuSeconds);
  const began = performance.now();
  let memories = pids.map(memoryOf);
  for (let left = span; left > 0; left -= 5) {
    await sleep(Math.min(left, 5) * 1000);
    const now = pids.map(memoryOf);
    memories = memories.map((one, index) => {
      const other = now[index] as Memory;
      return {
        rss: Math.max(one.rss, other.rss),
        pss: Math.max(one.pss, other.pss),
        own: Math.max(one.own, other.own),
      };
    });
  }
  const lasted = (performance.now() - began) / 1000;
  return pids.map((pid, index) => ({
    ...(memories[index] as Memory),
    cores: (cpuSeconds(pid) - (before[index] ?? 0)) / lasted,
  }));
}

function sumOf(uses: readonly Use[]): Sum {
  const total = (pick: (use: Use) => number) => uses.reduce((sum, use) => sum + pick(use), 0);
  return {
    cores: total(({ cores }) => cores),
    rss: total(({ rss }) => rss),
    pss: total(({ pss }) => pss),
    own: total(({ own }) => own),
    together: total(({ own }) => own) + Math.max(...uses.map(({ rss, own }) => rss - own)),
  };
}

function memoryTold({ rss, pss, own }: Memory): string {
  return `RSS ${rss.toFixed(0)} MB, PSS ${pss.toFixed(0)} MB, of which its own ${own.toFixed(0)} MB`;
}
