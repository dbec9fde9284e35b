/**
 * The long form of the project's chaos test: 10,000,000 numbered messages through real services, between files, Kafka and RabbitMQ, while 1,000 SIGKILLs hit
 * services, data paths and supervisors, and 50 the brokers. Counts what was lost, duplicated and reordered, and what was left over; ends with exit code 2 where a
 * promise was broken. By default it does a fiftieth of that.
 *
 *   node bench/chaos.ts [--share=50] [--seed=1] [--only=file,kafka,kafka-once,rabbitMQ] [--write]
 *
 * `--share=1 --write` is the full run, which writes docs/chaos.md; it takes about an hour on two processors.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { count, duration, sum } from '../src/client/words.ts';
import { packageRoot } from '../src/core/index.ts';
import { injectedWords } from '../src/verify/render-report.ts';
import type { VerifyReport } from '../src/verify/report.ts';
import { startKafka } from '../test/support/brokers/kafka.ts';
import { startRabbit } from '../test/support/brokers/rabbitmq.ts';
import { numberFlag } from './support/measure.ts';
import { buildService, program } from './support/nstack.ts';
import { type Own, withEnding } from './support/with-ending.ts';

interface Scenario {
  readonly name: string;
  readonly workflow: string;
  readonly promise: string;
  /** Of the full run. */
  readonly messages: number;
  readonly faults: number;
  readonly options: readonly string[];
  /** Its broker: how the connections file describes it, and its container. */
  start?(): Promise<{ connections: object; container: string; stop(): Promise<void> }>;
}

interface Audited {
  readonly scenario: Scenario;
  readonly report: VerifyReport;
}

let password = '';
const order = '--expect=order';
const scenarios: readonly Scenario[] = [
  {
    name: 'file',
    workflow: 'Sources.file { path = "in.txt", follow = true } -> ClickCleaning -> file/out.txt',
    promise: 'at least once, in order',
    messages: 7_000_000,
    faults: 850,
    options: [order],
  },
  {
    name: 'kafka',
    workflow: 'kafka/in -> ClickCleaning -> kafka/out',
    promise: 'at least once, in order',
    messages: 1_000_000,
    faults: 60,
    options: [order, '--lanes=2'],
    start: kafka,
  },
  {
    name: 'kafka-once',
    workflow: 'kafka/in -> ClickCleaning -> Sinks.kafka { topic = "out", guarantee = "exactly-once" }',
    promise: 'exactly once, in order',
    messages: 1_000_000,
    faults: 60,
    options: [order, '--expect=exactly-once', '--lanes=2'],
    start: kafka,
  },
  {
    name: 'rabbitMQ',
    workflow: 'rabbitMQ/in -> ClickCleaning -> rabbitMQ/out',
    promise: 'at least once',
    messages: 1_000_000,
    faults: 80,
    options: [],
    start: rabbitMQ,
  },
];

const share = numberFlag('share', 50);
const seed = numberFlag('seed', 1);
const only = process.argv
  .find((word) => word.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
await withEnding(async (own) => {
  await buildService('examples/clicks/cleaning');
  const reports: Audited[] = [];
  for (const scenario of scenarios) {
    if (only !== undefined && !only.includes(scenario.name)) continue;
    const report = await run(scenario, own);
    reports.push({ scenario, report });
    process.stdout.write(`${row(scenario, report)}\n`);
  }
  const page = markdown(reports);
  if (process.argv.includes('--write')) await writeFile(join(packageRoot(), 'docs/chaos.md'), page);
  else process.stdout.write(`\n${page}`);
  if (reports.some(({ report }) => report.verdict === 'failed')) process.exitCode = 2;
});

/** Runs an audit as a user would, with a supervisor of its own. */
async function run(scenario: Scenario, own: Own): Promise<VerifyReport> {
  const { workflow, messages, faults, options } = scenario;
  let isOver = false;
  const remove = (made: string) => rm(made, { recursive: true, force: true });
  const folder = await own(mkdtemp(join(tmpdir(), 'nstack-chaos-')), (made) => isOver || remove(made));
  const starting = scenario.start?.();
  const broker = starting && (await own(starting, ({ stop }) => isOver || stop()));
  const connections = join(folder, 'connections.yaml');
  await writeFile(connections, JSON.stringify({ connections: broker?.connections ?? {} }), { mode: 0o600 });
  const env = { ...process.env, NSTACK_STATE: join(folder, 'state'), NSTACK_CHAOS_PASSWORD: password };
  const kill = JSON.stringify(['docker', 'kill', '-s', 'KILL', broker?.container]);
  const heal = JSON.stringify(['docker', 'start', broker?.container]);
  const stop = () => start(folder, env, ['supervisor', 'stop', '--now']).ended;
  await own(undefined, () => isOver || stop());
  try {
    const audit = start(folder, env, [
      'verify',
      workflow,
      '--template={n} /cart?x=1 1200',
      `--messages=${Math.ceil(messages / share)}`,
      // Each kind at least twice.
      `--kills=${Math.max(8, Math.ceil(faults / share))}`,
      ...['service', 'data-path', 'supervisor'].flatMap((kind) => ['--fault', kind]),
      ...(broker === undefined ? [] : [`--command-fault=broker=${kill}`, `--command-heal=broker=${heal}`]),
      `--connections=${connections}`,
      `--seed=${seed}`,
      '--grace=3m',
      '--expect=clean',
      ...options,
      '--json',
    ]);
    // It heals what it has injected before it ends.
    await own(audit, ({ child, ended }) => {
      child.kill('SIGTERM');
      return ended;
    });
    const { stdout, stderr } = await audit.ended;
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as VerifyReport;
  } finally {
    await stop();
    await broker?.stop();
    await remove(folder);
    isOver = true;
  }
}

async function kafka() {
  const broker = await startKafka({ topics: { in: 2, out: 2 } });
  const connections = { kafka: { brokers: [broker.bootstrap] } };
  return { connections, container: broker.container, stop: broker.stop };
}

async function rabbitMQ() {
  const { settings, container, stop } = await startRabbit();
  const { password: given, ...open } = settings;
  password = String(given);
  return {
    connections: { rabbitMQ: { ...open, password: { env: 'NSTACK_CHAOS_PASSWORD' } } },
    container,
    stop,
  };
}

function start(cwd: string, env: NodeJS.ProcessEnv, args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<{ stdout: string; stderr: string }>((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', () => resolve({ stdout, stderr }));
  });
  return { child, ended };
}

function row({ workflow, promise }: Scenario, report: VerifyReport): string {
  const total = (of: 'lost' | 'duplicated' | 'reordered') =>
    count(sum(report.outputs.map((output) => output[of])));
  const cells = [
    `\`${workflow}\``,
    promise,
    count(report.sent),
    injectedWords(report),
    total('lost'),
    total('duplicated'),
    total('reordered'),
    count(report.deadLetters.count),
    count(report.leftovers.length),
    duration(report.seconds),
    report.verdict,
  ];
  return `| ${cells.join(' | ')} |`;
}

function markdown(reports: readonly Audited[]): string {
  const all = reports.map(({ report }) => report);
  const killed = sum(all.map(({ injected }) => injected.length));
  const brokers = sum(all.map(({ injected }) => injected.filter(({ kind }) => kind === 'broker').length));
  const reasons = all.flatMap(({ faults }) => faults);
  return `# Chaos

What \`node bench/chaos.ts --share=${share} --seed=${seed}\` found on ${new Date().toISOString().slice(0, 10)}, on ${cpus().length} processors with Node ${process.versions.node}:
${count(sum(all.map(({ sent }) => sent)))} numbered messages through a real service, while ${count(killed - brokers)} SIGKILLs hit services, data paths and supervisors, and ${count(brokers)} brokers. Each
kill came while messages were on their way; [verify.md](verify.md) says how messages are followed and judged.

| workflow | promise | messages | kills | lost | duplicated | reordered | dead letters | left over | time | verdict |
|---|---|---|---|---|---|---|---|---|---|---|
${reports.map(({ scenario, report }) => row(scenario, report)).join('\n')}

"At least once" may bring a message again after a crash, never lose one. ${reasons.length === 0 ? 'No promise was broken.' : `Broken promises: ${reasons.join('; ')}.`}
`;
}
