import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { VerifyReport } from '../../src/verify/index.ts';
import { startKafka, type TestKafka } from '../support/brokers/kafka.ts';
import { type Rabbit, startRabbit } from '../support/brokers/rabbitmq.ts';
import { nstack, root } from '../support/nstack.ts';

/*
 * The project's chaos test: workflows of real services under a real supervisor, between files and real brokers, while instances, data paths, supervisors and
 * brokers are killed. bench/chaos.ts is its long form.
 */

const template = '--template={n} /cart?x=1 1200';
const everything = ['service', 'freeze', 'data-path', 'supervisor'].flatMap((kind) => ['--fault', kind]);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
  const built = await nstack(['build', join(root, 'examples/clicks/cleaning')], { cwd: root });
  expect(built.code, built.stderr).toBe(0);
});
afterAll(async () => {
  await nstack(['supervisor', 'stop', '--now'], { cwd: folder, env: environment() });
  await rm(folder, { recursive: true, force: true });
});

const environment = () => ({ NSTACK_STATE: join(folder, 'state') });

/** The report of an audit, and the exit code that it ended with. */
async function verify(...args: readonly string[]): Promise<VerifyReport & { readonly code: number | null }> {
  const { code, stdout, stderr } = await nstack(['verify', ...args, '--json'], {
    cwd: folder,
    env: environment(),
  });
  if (stdout === '') throw new Error(stderr);
  return { ...(JSON.parse(stdout) as VerifyReport), code };
}

/** Connections are the supervisor's: the next audit starts one that has these. */
async function connect(connections: object): Promise<string> {
  await nstack(['supervisor', 'stop', '--now'], { cwd: folder, env: environment() });
  const file = join(folder, `connections-${randomBytes(3).toString('hex')}.yaml`);
  await writeFile(file, JSON.stringify({ connections }), { mode: 0o600 });
  return `--connections=${file}`;
}

/** Kills the broker in a container, and starts it again. */
function killing(container: string): readonly string[] {
  return [
    `--command-fault=broker=["docker","kill","-s","KILL",${JSON.stringify(container)}]`,
    `--command-heal=broker=["docker","start",${JSON.stringify(container)}]`,
  ];
}

const ok = { verdict: 'passed', faults: [], leftovers: [], code: 0 };

describe('nstack verify', () => {
  it('finds nothing lost from file to file while services, data path and supervisor are killed and frozen', async () => {
    const report = await verify(
      'Sources.file { path = "in.txt", follow = true } -> ClickCleaning -> file/out.txt',
      template,
      ...everything,
      '--messages=200000',
      '--kills=60',
      '--expect=order',
      '--expect=clean',
    );
    expect(report).toMatchObject({ ...ok, sent: 200_000, deadLetters: { count: 0 } });
    expect(report.outputs).toMatchObject([{ arrived: 200_000, lost: 0, reordered: 0, foreign: 0 }]);
    expect(report.injected).toHaveLength(60);
    expect(new Set(report.injected.map(({ kind }) => kind)).size).toBe(4);
    expect(report.restarts.length).toBeGreaterThan(0);
  }, 400_000);

  it('names what it cannot audit, before anything starts', async () => {
    const refused = async (...args: readonly string[]) =>
      (await nstack(['verify', ...args], { cwd: folder, env: environment() })).stderr;
    expect(await refused('stdin -> ClickCleaning -> file/x.txt')).toContain('no input can be written there');
    expect(await refused('file/in.txt -> ClickCleaning -> stdout')).toContain('cannot be read again');
    expect(await refused('file/in.txt -> ClickCleaning -> file/x.txt', '--fault=servise')).toContain(
      'service',
    );
    expect(
      await refused('file/in.txt -> ClickCleaning -> file/x.txt', '--fault=disk', `--disk=${folder}`),
    ).toContain('GiB free');
  });

  it('finds out which messages a workflow forgets', async () => {
    const built = await nstack(['build', join(root, 'test/fixtures/services/lossy')], { cwd: root });
    expect(built.code, built.stderr).toBe(0);
    const report = await verify(
      'file/forgotten-in.txt -> Test.Lossy ? -> file/forgotten.txt',
      '--messages=2000',
      '--kills=2',
      '--grace=5s',
    );
    expect(report).toMatchObject({ verdict: 'failed', code: 2, sent: 2_000, outputs: [{ lost: 20 }] });
    expect(report.outputs[0]?.first.lost).toEqual(Array.from({ length: 20 }, (_, nth) => nth * 100 + 99));
  });
});

describe('nstack verify with Kafka', () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startKafka({ topics: { in: 2, out: 2, 'in-once': 2, 'out-once': 2 } });
  });
  afterAll(() => kafka?.stop());

  // A data path that was killed is a member of its group until its session is over.
  const connection = () => ({ brokers: [kafka.bootstrap] });

  it('finds nothing lost from topic to topic while the broker is killed too', async () => {
    const connections = await connect({ kafka: connection() });
    const report = await verify(
      'kafka/in -> ClickCleaning -> kafka/out',
      template,
      connections,
      '--lanes=2',
      ...everything,
      ...killing(kafka.container),
      '--messages=30000',
      '--kills=10',
      '--expect=order',
      '--expect=clean',
    );
    expect(report).toMatchObject({ ...ok, sent: 30_000 });
    expect(report.outputs).toMatchObject([{ arrived: 30_000, lost: 0, foreign: 0 }]);
    expect(report.injected.map(({ kind }) => kind)).toContain('broker');
  }, 400_000);

  it('finds no message twice where the workflow promises exactly once', async () => {
    const connections = await connect({ kafka: connection() });
    const report = await verify(
      'kafka/in-once -> ClickCleaning -> Sinks.kafka { topic = "out-once", guarantee = "exactly-once" }',
      template,
      connections,
      '--lanes=2',
      ...everything,
      ...killing(kafka.container),
      '--messages=30000',
      '--kills=10',
      '--expect=exactly-once',
      '--expect=clean',
    );
    expect(report).toMatchObject({ ...ok, sent: 30_000 });
    expect(report.outputs).toMatchObject([{ received: 30_000, lost: 0, duplicated: 0 }]);
  }, 400_000);
});

describe('nstack verify with RabbitMQ', () => {
  let rabbit: Rabbit;
  let connections: string;
  beforeAll(async () => {
    rabbit = await startRabbit();
    const { password: _, ...settings } = rabbit.settings;
    await writeFile(join(folder, 'password'), rabbit.password, { mode: 0o600 });
    connections = await connect({ rabbitMQ: { ...settings, password: { file: join(folder, 'password') } } });
  });
  afterAll(() => rabbit?.stop());

  it('finds nothing lost from queue to queue while the broker is killed too', async () => {
    const report = await verify(
      'rabbitMQ/in -> ClickCleaning -> rabbitMQ/out',
      template,
      connections,
      ...everything,
      ...killing(rabbit.container),
      '--messages=20000',
      '--kills=10',
      '--expect=clean',
    );
    expect(report).toMatchObject({ ...ok, sent: 20_000 });
    expect(report.outputs).toMatchObject([{ arrived: 20_000, lost: 0, foreign: 0 }]);
  }, 400_000);

  it('finds out exactly what a thief takes from the output, and what comes twice', async () => {
    const thief = await rabbit.connect();
    onTestFinished(() => thief.close());
    const channel = await thief.createChannel();
    await channel.assertQueue('watched', { durable: true });
    const stolen: string[] = [];
    const doubled: string[] = [];
    await channel.prefetch(1);
    await channel.consume('watched', (message) => {
      if (message === null) return;
      const text = message.content.toString('utf8');
      const isThis = /verify-\w+-(\d+)/.exec(text)?.[1] ?? '';
      if (stolen.length < 5) stolen.push(isThis);
      else {
        channel.sendToQueue('watched', message.content);
        if (doubled.length < 5 && !doubled.includes(isThis)) {
          doubled.push(isThis);
          channel.sendToQueue('watched', message.content);
        }
      }
      channel.ack(message);
      if (stolen.length === 5 && doubled.length === 5) void channel.cancel(message.fields.consumerTag ?? '');
    });
    const report = await verify(
      'rabbitMQ/plain -> ClickCleaning -> rabbitMQ/watched',
      template,
      connections,
      '--messages=2000',
      '--rate=1000',
      '--kills=0',
      '--grace=3s',
    );
    expect(stolen).toHaveLength(5);
    expect(report).toMatchObject({ verdict: 'failed', code: 2 });
    expect(report.outputs).toMatchObject([{ lost: 5, duplicated: 5, received: 2_000 }]);
    expect(report.outputs[0]?.first.lost).toEqual(stolen.map(Number).sort((a, b) => a - b));
  });
});
