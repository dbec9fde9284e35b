import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Channel, ChannelModel } from 'amqplib';
import type { Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKafka, type TestKafka } from '../support/brokers/kafka.ts';
import { type Rabbit, startRabbit } from '../support/brokers/rabbitmq.ts';
import { freePort } from '../support/free-port.ts';
import { nstack, root } from '../support/nstack.ts';
import { type TestSupervisor, testSupervisor } from '../support/supervisor.ts';

// The workflows that nstack was thought up for, over a real Kafka and a real RabbitMQ.

let kafka: TestKafka;
let rabbit: Rabbit;
let supervisor: TestSupervisor;
let producer: Producer;
let connection: ChannelModel;
let channel: Channel;

beforeAll(async () => {
  for (const folder of ['analytics', 'cleaning']) {
    const built = await nstack(['build', join(root, 'examples/clicks', folder)], { cwd: root });
    expect(built.code, built.stderr).toBe(0);
  }
  [kafka, rabbit, supervisor] = await Promise.all([
    startKafka({ topics: { 'click-stream': 3, scored: 3 } }),
    startRabbit(),
    testSupervisor({ RABBIT_PASSWORD: 'unset' }),
  ]);
  const { username, password } = rabbit.settings;
  const connections = [
    'connections:',
    `  kafka: { brokers: ["${kafka.bootstrap}"] }`,
    `  rabbitMQ: { host: ${rabbit.host}, port: ${rabbit.port}, username: ${username}, password: { file: secret } }`,
    '',
  ];
  await writeFile(join(supervisor.folder, 'secret'), `${password}\n`);
  await writeFile(join(supervisor.folder, 'connections.yaml'), connections.join('\n'));
  supervisor.env.NSTACK_CONNECTIONS = join(supervisor.folder, 'connections.yaml');
  producer = kafka.outside.producer();
  await producer.connect();
  connection = await rabbit.connect();
  channel = await connection.createChannel();
});
afterAll(async () => {
  await producer?.disconnect();
  await connection?.close();
  await supervisor?.end();
  await Promise.all([kafka?.stop(), rabbit?.stop()]);
});

const clicks = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    key: `u${n % 7}`,
    value: `U${n}  /page/${n}?from=ad   ${n * 100}`,
  }));

/** The first messages of a queue, in order. */
async function received(queue: string, count: number): Promise<string[]> {
  await channel.assertQueue(queue, { durable: true });
  const texts: string[] = [];
  const all = Promise.withResolvers<void>();
  const { consumerTag } = await channel.consume(
    queue,
    (message) => {
      if (message === null) return;
      texts.push(message.content.toString());
      channel.ack(message);
      if (texts.length === count) all.resolve();
    },
    { noAck: false },
  );
  await all.promise;
  await channel.cancel(consumerTag);
  return texts;
}

describe('the first workflows', () => {
  it('nstack start ClickAnalytics --source=kafka/click-stream --sink=rabbitMQ/analytics', async () => {
    const started = await supervisor.nstack(
      'start',
      'ClickAnalytics',
      '--source=kafka/click-stream',
      '--sink=rabbitMQ/analytics',
    );
    expect(started.stderr).not.toContain('error');
    expect(started.stdout).toBe('ClickAnalytics v1 running\n');
    const sent = [
      { key: 'a', value: 'ann /home 12000' },
      { key: 'a', value: 'bob /home 200' },
    ];
    await producer.send({ topic: 'click-stream', messages: sent });
    expect(await received('analytics', 2)).toEqual(['ann /home buyer', 'bob /home passer-by']);
    const { stdout } = await supervisor.nstack('ps', '--json');
    expect(stdout).toContain('"ClickAnalytics"');
    expect(stdout).not.toContain(rabbit.settings.password);
    expect((await supervisor.nstack('stop', 'ClickAnalytics')).stdout).toBe('ClickAnalytics v1 stopped\n');
  });

  it('myWorkflow = kafka/click-stream -> ClickCleaning -> ClickAnalytics -> rabbitMQ/analytics', async () => {
    const shell = await nstack(['shell'], {
      cwd: supervisor.folder,
      env: supervisor.env,
      input:
        'myWorkflow = kafka/click-stream -> ClickCleaning -> ClickAnalytics -> rabbitMQ/analytics\nstart myWorkflow\n',
    });
    expect(shell.stdout).toContain('myWorkflow v1 running');
    await supervisor.until('myWorkflow', ({ status }) => status?.sinks[0]?.out === 2);
    await received('analytics', 2);
    await producer.send({ topic: 'click-stream', messages: clicks(3_000) });
    const texts = await received('analytics', 3_000);
    expect(new Set(texts).size).toBe(3_000);
    expect(texts).toContain('u99 /page/99 buyer');
    // The messages of a key come in their order.
    const ofKey = texts.map((text) => Number(/^u(\d+)/.exec(text)?.[1])).filter((n) => n % 7 === 3);
    expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
    const { status } = await supervisor.until('myWorkflow', ({ status }) => status?.pending === 0);
    expect(status?.sources[0]?.progress.lag ?? 0).toBe(0);
    await supervisor.nstack('stop', 'myWorkflow');
  });

  it('newWorkflow = http/endpoint-internal -> ClickAnalytics -> kafka/scored', async () => {
    const port = await freePort();
    const text = `newWorkflow = http/endpoint-internal { listen = "127.0.0.1:${port}" } -> ClickAnalytics -> kafka/scored`;
    expect((await supervisor.nstack('start', text)).stdout).toBe('newWorkflow v1 running\n');
    const post = (body: string) =>
      fetch(`http://127.0.0.1:${port}/endpoint-internal`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
    expect((await post('"cid /shop 9000"')).status).toBe(200);
    // As NStack's own gateway took it.
    expect((await post('{"params": "dan /shop 90"}')).status).toBe(200);
    const misfit = await post('{"params": 7}');
    expect(misfit.status).toBe(400);
    expect(await misfit.text()).toContain('Text');
    expect(await scored(2)).toEqual(['cid /shop buyer', 'dan /shop passer-by']);
    await supervisor.nstack('stop', 'newWorkflow');
  });

  it('exact = kafka/click-stream -> ClickCleaning -> kafka/scored, exactly once, over a kill of the supervisor', async () => {
    const text =
      'exact = kafka/click-stream { group = "exact" } -> ClickCleaning -> kafka/scored { guarantee = "exactly-once" }';
    expect((await supervisor.nstack('start', text)).stdout).toBe('exact v1 running\n');
    await supervisor.until('exact', ({ status }) => (status?.sinks[0]?.out ?? 0) >= 3_000);
    await supervisor.kill();
    await producer.send({ topic: 'click-stream', messages: clicks(3_000) });
    await supervisor.nstack('supervisor', 'start');
    await supervisor.until(
      'exact',
      ({ status }) => (status?.sources[0]?.progress.lag ?? 1) === 0 && status?.pending === 0,
    );
    const texts = (await scored(2 + 2 + 3_000 + 3_000)).slice(2);
    const twice = [...clicks(3_000), ...clicks(3_000)].map(({ value }) =>
      value.split(/\s+/)[0]?.toLowerCase(),
    );
    const users = texts.map((line) => line.split(' ')[0]).filter((user) => user?.startsWith('u'));
    expect([...users].sort()).toEqual([...twice].sort());
  });

  it('copies every message to two systems, which is no matter for transactions', async () => {
    const copies = '(rabbitMQ/copies & kafka/scored)';
    const text = `both = kafka/click-stream { group = "both", from = "earliest" } -> ClickCleaning -> ${copies}`;
    const exact = text.replace('kafka/scored', 'kafka/scored { guarantee = "exactly-once" }');
    const refused = await supervisor.nstack('start', exact);
    expect(refused.stderr).toContain('is for workflows with one source and one sink; this one has 1 and 2');
    expect(refused.code).toBe(1);
    expect((await supervisor.nstack('start', text)).stdout).toBe('both v2 running\n');
    const { status } = await supervisor.until(
      'both',
      ({ status }) => status?.pending === 0 && status.sources[0]?.in === 6_002,
    );
    expect(status?.sinks.map(({ out }) => out)).toEqual([6_002, 6_002]);
    expect(new Set(await received('copies', 6_002)).size).toBe(3_002);
  });
});

/** The first messages of the topic that are there for good, in the order of their time. */
async function scored(count: number): Promise<string[]> {
  const consumer = kafka.outside.consumer({ groupId: `test-${Math.random()}`, readUncommitted: false });
  await consumer.connect();
  await consumer.subscribe({ topic: 'scored', fromBeginning: true });
  const found: { at: number; text: string }[] = [];
  const all = Promise.withResolvers<void>();
  await consumer.run({
    eachMessage: async ({ message }) => {
      found.push({ at: Number(message.timestamp), text: message.value?.toString() ?? '' });
      if (found.length === count) all.resolve();
    },
  });
  await all.promise;
  await consumer.disconnect();
  return found.sort((a, b) => a.at - b.at).map(({ text }) => text);
}
