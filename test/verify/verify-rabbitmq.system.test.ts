import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type Rabbit, startRabbit } from '../support/brokers/rabbitmq.ts';
import { auditBench, everything, killing, load, ok, patience, sent, template } from './audit-bench.ts';

const service = 'AuditedOnRabbit.Cleaning';
const { verify, connect, folder } = auditBench(service);
let rabbit: Rabbit;
let connections: string;

beforeAll(async () => {
  rabbit = await startRabbit();
  const { password: _, ...settings } = rabbit.settings;
  const file = join(folder(), 'password');
  await writeFile(file, rabbit.password, { mode: 0o600 });
  connections = await connect({ rabbitMQ: { ...settings, password: { file } } });
});
afterAll(() => rabbit?.stop());

it(
  'finds nothing lost from queue to queue while the broker is killed too',
  async () => {
    const report = await verify(
      `rabbitMQ/in -> ${service} -> rabbitMQ/out`,
      template,
      connections,
      ...everything,
      ...killing(rabbit.container),
      ...load(15_000, 8),
      '--expect=clean',
    );
    expect(report).toMatchObject({ ...ok, sent: sent(15_000) });
    expect(report.outputs).toMatchObject([{ arrived: sent(15_000), lost: 0, foreign: 0 }]);
    expect(report.injected.map(({ kind }) => kind)).toContain('broker');
  },
  patience,
);

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
    `rabbitMQ/plain -> ${service} -> rabbitMQ/watched`,
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
