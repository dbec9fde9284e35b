/*
 * How long an instance takes to start, beside the engine's own create and start of the same image, and how long one line takes there
 * and back, beside a child process. Each in turn, so that both see the same machine.
 *
 *     node bench/instance-start.ts [starts] [lines]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import Docker from 'dockerode';
import { type ContainerEngine, connectEngine, type InstanceSpec } from '../src/engine/index.ts';

const image = 'nstack/base:trixie';
const spec: InstanceSpec = {
  image,
  service: 'Bench',
  env: {},
  limits: { memory: 128 * 1024 * 1024, cpu: 1, pids: 16 },
  network: 'none',
  entrypoint: ['/bin/cat'],
};
const starts = Number(process.argv[2] ?? 15);
const lines = Number(process.argv[3] ?? 5_000);

const [pipes, attach] = [
  await connectEngine({ transport: 'pipes' }),
  await connectEngine({ transport: 'attach' }),
];
const bare: number[] = [];
const whole: number[] = [];
const removal: number[] = [];
for (let i = 0; i < starts; i++) {
  bare.push(await bareStart());
  const { start, remove } = await instanceStart(pipes);
  whole.push(start);
  removal.push(remove);
}
show('engine alone: create and start', bare, 'ms');
show('instance: to its first bytes', whole, 'ms');
show('instance: removal', removal, 'ms');
console.log(`  ratio of the medians ${(quantile(whole, 0.5) / quantile(bare, 0.5)).toFixed(2)}`);

const child = spawn('cat', { stdio: ['pipe', 'pipe', 'inherit'] });
const trips = { child: await roundTrips(child.stdin, child.stdout) };
child.kill();
show('a line there and back: child process', trips.child, 'us');
for (const [name, engine] of Object.entries({ pipes, attach })) {
  const instance = await engine.startInstance(spec, AbortSignal.timeout(60_000));
  instance.settled();
  const own = await roundTrips(instance.input, instance.output);
  await instance.remove();
  show(`a line there and back: instance over ${name}`, own, 'us');
  console.log(`  ratio of the medians ${(quantile(own, 0.5) / quantile(trips.child, 0.5)).toFixed(2)}`);
}

async function bareStart(): Promise<number> {
  const docker = new Docker();
  const began = performance.now();
  const container = await docker.createContainer({ Image: image, Cmd: ['cat'], OpenStdin: true });
  await container.start();
  const taken = performance.now() - began;
  await container.remove({ force: true });
  return taken;
}

async function instanceStart(engine: ContainerEngine): Promise<{ start: number; remove: number }> {
  const began = performance.now();
  const instance = await engine.startInstance(spec, AbortSignal.timeout(60_000));
  const answer = once(instance.output, 'data');
  instance.input.write('hello\n');
  await answer;
  const start = performance.now() - began;
  await instance.remove();
  return { start, remove: performance.now() - began - start };
}

async function roundTrips(input: Writable, output: Readable): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < lines; i++) {
    const began = performance.now();
    const answer = once(output, 'data');
    input.write('{"jsonrpc":"2.0","id":7,"method":"score","params":[1]}\n');
    await answer;
    taken.push((performance.now() - began) * 1000);
  }
  return taken;
}

function show(what: string, values: readonly number[], unit: string): void {
  const [middle, late] = [quantile(values, 0.5), quantile(values, 0.99)];
  console.log(`${what.padEnd(46)} p50 ${middle.toFixed(0)} ${unit}, p99 ${late.toFixed(0)} ${unit}`);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
