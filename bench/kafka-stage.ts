/**
 * One Python stage from topic to topic under the supervisor, against a hand-written Python program with the same guarantee and the same function:
 * confluent-kafka, it consumes a batch, works, produces with acks=all, flushes, and commits the offsets synchronously. Six partitions, one broker
 * with which both talk over the loopback interface. Both Pythons are the same, of the same image; the program has no limits. Since the program waits for
 * the broker twice a batch, it runs a second time with a batch so large that this hardly matters.
 *
 * The clock runs from the first message in the topic of the results until the last is there, by its high watermarks: starting, joining the
 * group, and the first batch do not count. So does the CPU of each process. The pairs alternate; ratios are taken pair by pair.
 *
 *   node bench/kafka-stage.ts [--messages=1000000] [--pairs=2] [--partitions=6] [--batch=500] [--large-batch=10000]
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { packageRoot } from '../src/core/index.ts';
import { startKafka } from '../test/support/brokers/kafka.ts';
import { startBenchSupervisor } from './support/bench-supervisor.ts';
import { median, numberFlag, run, told } from './support/measure.ts';
import { buildService } from './support/nstack.ts';
import { cpuSeconds } from './support/process-usage.ts';
import { containerCpu, containersOf } from './support/service-cpu.ts';
import { withEnding } from './support/with-ending.ts';

const messages = numberFlag('messages', 1_000_000);
const pairs = numberFlag('pairs', 2);
const partitions = numberFlag('partitions', 6);
const batch = numberFlag('batch', 500);
const largeBatch = numberFlag('large-batch', 10_000);
const service = 'Bench.Clicks';
const goal = 1.3;

interface Carried {
  readonly rate: number;
  /** CPU seconds a million messages, by process. */
  readonly cpu: ReadonlyMap<string, number>;
}

await withEnding(async (own) => {
  const { image } = await buildService('bench/kafka-stage/score');
  const kafka = await own(startKafka({ topics: { clicks: partitions }, heap: 768 }), (started) =>
    started.stop(),
  );
  const admin = await own(kafka.admin(), (connected) => connected.disconnect());
  const supervisor = await own(
    startBenchSupervisor(`connections: { kafka: { brokers: ["${kafka.bootstrap}"] } }`),
    (started) => started.end(),
  );
  const broker = await containerCpu(kafka.container);
  const python = [
    '--network=host',
    `--volume=${join(packageRoot(), 'bench/kafka-stage')}:/bench:ro`,
    '--user=0',
    '--entrypoint=python3',
    image,
    '/bench/plain.py',
  ];

  async function runPython(...words: readonly string[]): Promise<string> {
    const name = `nstack-bench-${randomUUID()}`;
    // A client that is interrupted leaves its container behind.
    await own(name, () => run('docker', ['rm', '--force', name]));
    return run('docker', ['run', '--rm', '--name', name, ...python, ...words]);
  }

  async function handWritten(target: string, together: number): Promise<Carried> {
    const words = ['carry', kafka.bootstrap, 'clicks', target, `group-${target}`, String(together)];
    const id = await own(run('docker', ['run', '--detach', ...python, ...words]), (started) =>
      run('docker', ['rm', '--force', started.trim()]),
    );
    const program = await containerCpu(id.trim());
    const carried = await watch(admin, target, () => ({ program: program(), broker: broker() }));
    await run('docker', ['rm', '--force', id.trim()]);
    return carried;
  }

  async function nstack(target: string): Promise<Carried> {
    const source = `kafka/clicks { group = "group-${target}" }`;
    const dataPath = await supervisor.start(target, `${source} -> ${service} -> kafka/${target}`);
    const [id = ''] = await containersOf(service);
    const stage = await containerCpu(id);
    const carried = await watch(admin, target, () => ({
      'data path': cpuSeconds(dataPath),
      service: stage(),
      supervisor: cpuSeconds(supervisor.pid),
      broker: broker(),
    }));
    await supervisor.client.stop(target, { now: false });
    return carried;
  }

  await runPython('fill', kafka.bootstrap, 'clicks', String(messages));
  const contestants = [
    [`hand-written-${batch}`, (target: string) => handWritten(target, batch)],
    [`hand-written-${largeBatch}`, (target: string) => handWritten(target, largeBatch)],
    ['nstack', nstack],
  ] as const;
  const ratios: { readonly usual: number; readonly large: number }[] = [];
  const digests = new Set<string>();
  for (let pair = 1; pair <= pairs; pair++) {
    const rates: number[] = [];
    for (const [who, carry] of contestants) {
      const target = `${who}-${pair}`;
      await kafka.createTopic(target, partitions);
      const { rate, cpu } = await carry(target);
      rates.push(rate);
      process.stdout.write(
        `pair ${pair}: ${who} ${told(rate)} messages/s, CPU s a million ${cpuTold(cpu)}\n`,
      );
      if (pair === 1) digests.add(await runPython('digest', kafka.bootstrap, target, String(messages)));
      await admin.deleteTopics({ topics: [target] });
    }
    if (digests.size > 1) throw new Error('they have not written the same messages');
    const [usual = Number.NaN, large = Number.NaN, ours = Number.NaN] = rates;
    ratios.push({ usual: ours / usual, large: ours / large });
  }
  const middle = (pick: (ratio: (typeof ratios)[number]) => number) => median(ratios.map(pick)).toFixed(2);
  process.stdout.write(
    `topic to topic through one Python stage, ${told(messages)} messages, nstack / hand-written: ${middle(({ usual }) => usual)}x with batches of ` +
      `${told(batch)} (goal ${goal}x), ${middle(({ large }) => large)}x with batches of ${told(largeBatch)} (median of ${pairs})\n`,
  );
});

type Usage = Readonly<Record<string, number>>;

/** Waits until all results are in the topic; `usage` gives the CPU seconds of each process so far. */
async function watch(admin: Admin, topic: string, usage: () => Usage): Promise<Carried> {
  const look = async () => ({
    count: (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0),
    at: performance.now(),
    usage: usage(),
  });
  let last = await look();
  let first: typeof last | undefined;
  for (; last.count < messages; await sleep(10)) {
    const now = await look();
    if (now.count > 0) first ??= now;
    if (now.count > last.count) last = now;
    if (now.at - last.at > 60_000)
      throw new Error(`${topic} has ${now.count} of ${messages} messages, and no more come`);
  }
  if (first === undefined || last.count > messages || first.count === messages)
    throw new Error(`${topic} has ${last.count} messages, and ${messages} were read`);
  const { count, at, usage: before } = first;
  const carried = messages - count;
  const cpu = Object.entries(last.usage).map(
    ([who, seconds]) => [who, ((seconds - (before[who] ?? 0)) / carried) * 1e6] as const,
  );
  return { rate: (carried / (last.at - at)) * 1000, cpu: new Map(cpu) };
}

function cpuTold(cpu: ReadonlyMap<string, number>): string {
  const total = [...cpu.values()].reduce((sum, seconds) => sum + seconds, 0);
  return `${total.toFixed(2)} (${[...cpu].map(([who, seconds]) => `${who} ${seconds.toFixed(2)}`).join(', ')})`;
}
