/**
 * A sink that takes nothing for a while, and a source that has plenty: by how much the data path's memory grows meanwhile, and how long it takes from the
 * sink's recovery until messages flow at 90 % of the rate before. Two sinks: a web server that accepts requests and answers none, and a RabbitMQ that
 * has blocked the connection, as it does when it is short of memory.
 *
 *   node bench/stalled-sink.ts [--minutes=0.5] [--sink=http|rabbitMQ]       --minutes=60 is the full form
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRabbit } from '../test/support/brokers/rabbitmq.ts';
import { startBenchSupervisor } from './support/bench-supervisor.ts';
import { flightsNdjson } from './support/flights.ts';
import { median, numberFlag, told } from './support/measure.ts';
import { buildService } from './support/nstack.ts';
import { residentMemory } from './support/process-usage.ts';
import { type Own, withEnding } from './support/with-ending.ts';

const minutes = numberFlag('minutes', 0.5);
const only = process.argv.find((argument) => argument.startsWith('--sink='))?.slice('--sink='.length);
const rows = numberFlag('rows', 2_500_000);
const goal = { megabytes: 50, seconds: 5, share: 0.9 };
const warmUp = 4;
const steady = 6;
/** Seconds for the rate to come back; a longer pause is reported as such. */
const patience = 60;

/** A sink that can be stalled. */
interface Stallable {
  /** What it is called in a workflow, and what the connections file says of it. */
  readonly sink: string;
  readonly connections: string;
  stall(): Promise<unknown>;
  recover(): Promise<unknown>;
}

const sinks: Readonly<Record<string, (own: Own) => Promise<Stallable>>> = {
  http: openServer,
  rabbitMQ: openRabbit,
};

await withEnding(async (own) => {
  await buildService('bench/pipeline/tidy');
  const flights = await flightsNdjson(rows);
  for (const [name, open] of Object.entries(sinks)) {
    if (only !== undefined && only !== name) continue;
    await measureStall(own, name, await open(own), flights);
  }
});

async function measureStall(own: Own, name: string, stallable: Stallable, flights: string): Promise<void> {
  const supervisor = await own(startBenchSupervisor(stallable.connections), (started) => started.end());
  const workflow = `stalled-${name}`;
  const dataPath = await supervisor.start(workflow, `file/"${flights}" -> Bench.Tidy -> ${stallable.sink}`);
  const out = async () => {
    const { state, error, status } = await supervisor.client.get(workflow);
    if (state !== 'running')
      throw new Error(`${workflow} is ${state}: ${error?.message ?? 'too few flights'}`);
    return { count: status?.sinks[0]?.out ?? 0, at: performance.now() };
  };
  await sleep(warmUp * 1000);
  const from = await out();
  await sleep(steady * 1000);
  const before = rateBetween(from, await out());

  await stallable.stall();
  const memory = await watchMemory(dataPath, minutes * 60);
  const held = await out();
  await stallable.recover();
  const recovered = performance.now();
  const back = await untilBack(out, before, recovered);
  const peak = residentMemory(dataPath);
  process.stdout.write(
    `${name}: ${told(before)} messages/s before; stalled for ${minutes} minutes: ${memory.first.toFixed(1)} MB in the first part, ` +
      `${memory.last.toFixed(1)} MB in the last, most ${memory.most.toFixed(1)} MB; ${told(held.count)} confirmed; after it ${peak.toFixed(1)} MB\n` +
      `${name}, a stall of ${minutes} minutes: memory of the data path grew by ${(memory.last - memory.first).toFixed(1)} MB (goal below ${goal.megabytes} MB), ` +
      `${back === undefined ? `not back at ${goal.share * 100} % within ${patience} s` : `back at ${goal.share * 100} % of the rate after ${back.toFixed(1)} s`} (goal ${goal.seconds} s)\n`,
  );
  await supervisor.end();
}

/** Medians of the first and of the last minute, or of the first and the last third of a shorter stall. MB. */
async function watchMemory(pid: number, seconds: number) {
  const seen: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    await sleep(Math.min(500, Math.max(0, end - performance.now())));
    seen.push(residentMemory(pid));
  }
  const part = Math.min(120, Math.ceil(seen.length / 3));
  return { first: median(seen.slice(0, part)), last: median(seen.slice(-part)), most: Math.max(...seen) };
}

interface Reading {
  readonly count: number;
  readonly at: number;
}

/** Seconds from the recovery to the beginning of the first second in which the rate is what it was; undefined where that does not come. */
async function untilBack(
  out: () => Promise<Reading>,
  before: number,
  recovered: number,
): Promise<number | undefined> {
  const readings: Reading[] = [];
  while (performance.now() - recovered < patience * 1000) {
    const now = await out();
    const from = readings.findLast(({ at }) => now.at - at >= 1_000);
    if (from !== undefined && rateBetween(from, now) >= goal.share * before)
      return (from.at - recovered) / 1000;
    readings.push(now);
    await sleep(100);
  }
  return undefined;
}

function rateBetween(from: Reading, to: Reading): number {
  return ((to.count - from.count) / (to.at - from.at)) * 1000;
}

/** A server that answers each request at once, or, while it is stalled, none; those that wait are answered when it recovers. */
async function openServer(own: Own): Promise<Stallable> {
  const waiting: ServerResponse[] = [];
  let stalled = false;
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      if (stalled) waiting.push(response);
      else response.end();
    });
  });
  await own(new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)), () =>
    server.close().closeAllConnections(),
  );
  const { port } = server.address() as AddressInfo;
  return {
    // A request that is given up soon makes the pauses between tries as long in half a minute as the usual 30 s do in ten.
    sink: `http/"http://127.0.0.1:${port}/flights" { timeout = "2s" }`,
    connections: '{}',
    async stall() {
      stalled = true;
    },
    async recover() {
      stalled = false;
      for (const response of waiting.splice(0)) response.end();
    },
  };
}

/** A queue that keeps the last thousand messages of a broker that can be made to block its publishers. */
async function openRabbit(own: Own): Promise<Stallable> {
  const rabbit = await own(startRabbit(), (started) => started.stop());
  const look = await rabbit.connect();
  const channel = await look.createChannel();
  await channel.assertQueue('flights', {
    durable: true,
    maxLength: 1_000,
    arguments: { 'x-overflow': 'drop-head' },
  });
  await look.close();
  const url = `amqp://127.0.0.1:${rabbit.port}`;
  const settings = { url, username: rabbit.username, password: { env: 'NSTACK_BENCH_PASSWORD' } };
  process.env.NSTACK_BENCH_PASSWORD = rabbit.password;
  return {
    sink: 'rabbitMQ/flights { declare = false }',
    connections: JSON.stringify({ connections: { rabbitMQ: settings } }),
    stall: () => rabbit.control('set_vm_memory_high_watermark', '0'),
    recover: () => rabbit.control('set_vm_memory_high_watermark', 'absolute', '512MB'),
  };
}
