/**
 * The hub's end of the bridge beside a child process that gives back what it is given: messages a second through blocks and the hub's own
 * CPU time a message, every result checked for form, count and type; and one call in flight, beside a bare child that echoes a line.
 *
 *   node bench/bridge.ts [--messages=2000000] [--calls=20000]
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { type BridgePeer, createPeer, protocolVersion } from '../src/bridge/index.ts';
import { packageRoot } from '../src/core/index.ts';
import { compileValidator, parseApi } from '../src/types/index.ts';
import { numberFlag, percentile } from './support/measure.ts';

const messages = numberFlag('messages', 2_000_000);
const calls = numberFlag('calls', 20_000);
const blocksInFlight = 4;
const limits = { message: 16 * 1024 * 1024, depth: 256 };
const { api } = parseApi(
  'echo : { date: Timestamp, delay: Integer, distance: Double, origin: Text, destination: Text } -> { date: Timestamp, delay: Integer, distance: Double, origin: Text, destination: Text }',
);
const output = api?.functions[0]?.output ?? { kind: 'json' };
const message = Buffer.from(
  '{"date":"2001-01-10T18:20:00Z","delay":17,"distance":337.5,"origin":"DAL","destination":"HOU"}',
);

type Child = ChildProcessByStdio<Writable, Readable, null>;

function start(...args: string[]): Child {
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function withPeer(work: (peer: BridgePeer) => Promise<void>): Promise<void> {
  const child = start(join(packageRoot(), 'test/fixtures/children/echo-service.mjs'));
  const peer = createPeer({
    input: child.stdout,
    output: child.stdin,
    results: () => compileValidator(output, 'result'),
    limits,
    onEvent: () => {},
  });
  const service = { name: 'Echo', version: '1.0.0' };
  await peer.initialize(
    { protocol: protocolVersion, service, parameters: {}, api: {}, limits },
    { timeout: 10_000 },
  );
  await work(peer);
  await peer.shutdown({ timeout: 10_000 });
  peer.close();
}

async function blocks(size: number): Promise<void> {
  const items = Buffer.from(Array.from({ length: size }, () => message.toString()).join(','));
  await withPeer(async (peer) => {
    await pump(peer, items, size, messages / 10);
    const cpu = process.cpuUsage();
    const began = performance.now();
    await pump(peer, items, size, messages);
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    process.stdout.write(
      `blocks of ${String(size).padStart(3)}: ${Math.round(messages / seconds).toLocaleString('en-US')} messages/s, ` +
        `hub ${((user + system) / messages).toFixed(2)} us of CPU a message (${(system / messages).toFixed(2)} of it the system's)\n`,
    );
  });
}

async function pump(peer: BridgePeer, items: Buffer, size: number, total: number): Promise<void> {
  let left = Math.ceil(total / size);
  const lane = async () => {
    while (left-- > 0) {
      const { count } = await peer.block('echo', [items], size);
      if (count !== size) throw new Error(`asked ${size}, got ${count}`);
    }
  };
  await Promise.all(Array.from({ length: blocksInFlight }, lane));
}

/** Microseconds of each round trip. */
async function roundTrips(trip: () => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let nth = 0; nth < calls; nth++) {
    const began = performance.now();
    await trip();
    times.push((performance.now() - began) * 1000);
  }
  return times.slice(calls / 10);
}

function told(what: string, times: readonly number[]): void {
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  process.stdout.write(`${what}: p50 ${p50.toFixed(0)} us, p99 ${p99.toFixed(0)} us\n`);
}

async function bareEcho(): Promise<void> {
  const child = start('-e', 'process.stdin.on("data", (chunk) => process.stdout.write(chunk))');
  const line = `${message}\n`;
  const trip = () =>
    new Promise((resolve) => {
      child.stdout.once('data', resolve);
      child.stdin.write(line);
    });
  told('a bare child that echoes a line', await roundTrips(trip));
  child.kill();
}

for (const size of [1, 64, 256, 512]) await blocks(size);
await bareEcho();
const params = Buffer.from(`[${message}]`);
await withPeer(async (peer) =>
  told('one call in flight', await roundTrips(() => peer.call('echo', params, { timeout: 30_000 }))),
);
