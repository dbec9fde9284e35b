/**
 * How long a message takes through three Python stages at a steady rate, from the write into stdin to the line on stdout; against the same function as
 * three plain scripts in a shell pipe, each of which flushes every line. The first two seconds are left out.
 *
 *   node bench/latency.ts [--rate=10000] [--seconds=10] [--rounds=2]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../src/core/index.ts';
import { numberFlag, percentile } from './support/measure.ts';
import { buildService, out, program } from './support/nstack.ts';

const rate = numberFlag('rate', 10_000);
const seconds = numberFlag('seconds', 10);
const rounds = numberFlag('rounds', 2);
const warmUp = 2;
const { image } = await buildService('bench/latency/pass');
const stage = 'Bench.Pass';
const script = 'python3 -u /bench/latency/plain.py';

for (let round = 1; round <= rounds; round++) {
  for (const [name, start] of [
    ['plain scripts', plain],
    ['nstack', nstack],
  ] as const) {
    const latencies = await drive(start());
    const show = (share: number) => percentile(latencies, share).toFixed(2);
    process.stdout.write(
      `round ${round}: ${name}, ${rate.toLocaleString('en-US')} messages/s, ${latencies.length.toLocaleString('en-US')} measured: ` +
        `p50 ${show(0.5)} ms, p99 ${show(0.99)} ms, p99.9 ${show(0.999)} ms, most ${show(1)} ms\n`,
    );
  }
}

function nstack(): ChildProcess {
  const workflow = `stdin -> ${stage} -> ${stage} -> ${stage} -> stdout`;
  return spawn(process.execPath, [program, 'run', workflow, '--plain'], {
    cwd: out,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

function plain(): ChildProcess {
  const mount = [
    '-v',
    `${join(packageRoot(), 'bench')}:/bench:ro`,
    '--network',
    'none',
    '--entrypoint',
    'sh',
  ];
  const pipe = `${script} | ${script} | ${script}`;
  return spawn('docker', ['run', '--rm', '-i', ...mount, image, '-c', pipe], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** Sends at the steady rate, a few messages each millisecond, and answers the milliseconds that each took. */
async function drive(child: ChildProcess): Promise<number[]> {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the program has no pipes');
  const sent: number[] = [];
  const latencies: number[] = [];
  const text = 'x'.repeat(60);
  let rest = '';
  let arrived = 0;
  const first = Promise.withResolvers<void>();
  stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const now = performance.now();
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      arrived++;
      const n = Number(/"n": ?(\d+)/.exec(line)?.[1]);
      if (n >= 1 + rate * warmUp) latencies.push(now - (sent[n] ?? 0));
    }
    if (arrived > 0) first.resolve();
  });
  const send = (n: number) => {
    sent[n] = performance.now();
    return `{"n":${n},"text":"${text}"}\n`;
  };
  stdin.write(send(0));
  await first.promise;
  const total = rate * (warmUp + seconds);
  const began = performance.now();
  let next = 1;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate));
      let lines = '';
      for (; next <= due; next++) lines += send(next);
      if (lines !== '') stdin.write(lines);
      if (next <= total) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  stdin.end();
  await new Promise((resolve) => child.once('close', resolve));
  if (arrived !== total + 1) throw new Error(`${arrived} of ${total + 1} messages arrived`);
  return latencies;
}
