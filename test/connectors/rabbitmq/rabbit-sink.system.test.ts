import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Sink, Undelivered } from '../../../src/connectors/index.ts';
import { type Rabbit, startRabbit } from '../../support/brokers/rabbitmq.ts';
import { startTcpProxy } from '../../support/brokers/tcp-proxy.ts';
import { writeAll } from '../conformance/broker-sink-conformance.ts';
import { makeMessages } from '../conformance/broker-source-conformance.ts';
import { batchOf } from '../conformance/sink-conformance.ts';
import { failureOf, record } from '../support.ts';
import { connectionTo, drain, freshName, openSink, rabbitContext, withClient } from './rabbit-support.ts';

let rabbit: Rabbit;
beforeAll(async () => {
  rabbit = await startRabbit();
});
afterAll(() => rabbit?.stop());

/** Opens a sink that is given up when the test is over. */
async function open(parameters: Record<string, unknown>, more?: object): Promise<Sink> {
  const sink = await openSink(rabbitContext(rabbit, parameters, more));
  onTestFinished(() => sink.abandon());
  return sink;
}

/** Makes a durable queue, bound to an exchange by a key where they are given. */
async function makeQueue(exchange?: string, key = '', queueArguments: object = {}): Promise<string> {
  const queue = freshName();
  await withClient(rabbit, async (model) => {
    const channel = await model.createChannel();
    await channel.assertQueue(queue, { durable: true, arguments: queueArguments });
    if (exchange === undefined) return;
    await channel.assertExchange(exchange, 'direct', { durable: true });
    await channel.bindQueue(queue, exchange, key);
  });
  return queue;
}

const textsOf = async (queue: string) =>
  (await drain(rabbit, queue)).map(({ content }) => content.toString('utf8'));

describe('the messages of a RabbitMQ sink', () => {
  it('are persistent, say what they hold, and have an id and headers', async () => {
    const queue = freshName();
    const headers = { team: 'ä', priority: 3, ratio: 0.5, test: true };
    const sink = await open({ queue, headers });
    await sink.write(batchOf(['{"n": 1}', '2']));
    const [first, second] = await drain(rabbit, queue);
    expect(first?.properties).toMatchObject({ contentType: 'application/json', deliveryMode: 2, headers });
    expect(first?.properties.messageId).toMatch(/^[\w-]{12}-0$/);
    expect(second?.properties.messageId).toBe(first?.properties.messageId.replace(/0$/, '1'));
    expect(first?.content.toString('utf8')).toBe('{"n": 1}');
  });

  it.each([
    [
      'text',
      ['"plain é"', '"two\\nlines \\"q\\""', '""', 'null'],
      ['plain é', 'two\nlines "q"', '', 'null'],
      'text/plain',
    ],
    ['bytes', ['"aGVsbG8="', '""'], ['hello', ''], 'application/octet-stream'],
  ] as const)('are what the format %s makes of them', async (format, messages, expected, contentType) => {
    const queue = freshName();
    const sink = await open({ queue, persistent: false }, { format, type: { kind: format } });
    await sink.write(batchOf(messages));
    const received = await drain(rabbit, queue);
    expect(received.map(({ content }) => content.toString('utf8'))).toEqual(expected);
    expect(received[0]?.properties).toMatchObject({ contentType, deliveryMode: 1 });
  });

  it('go to the exchange with their own routing key and id', async () => {
    const exchange = freshName();
    const [one, two] = [await makeQueue(exchange, 'de'), await makeQueue(exchange, '12345678901234567890')];
    const sink = await open({ exchange, key_field: 'to.key', id_field: 'id' });
    const undelivered = await sink.write(
      batchOf([
        '{"id":"a","to":{"key":"de"}}',
        '{"id":"b","to":{"key":12345678901234567890}}',
        '{"id":"c","to":{}}',
        `{"id":"d","to":{"key":"${'x'.repeat(256)}"}}`,
      ]),
    );
    expect((await drain(rabbit, one)).map(({ properties }) => properties.messageId)).toEqual(['a']);
    expect((await drain(rabbit, two)).map(({ properties }) => properties.messageId)).toEqual(['b']);
    expect(undelivered).toEqual([
      { index: 2, message: 'no routing key: to.key is missing, or no text', attempts: 1 },
      { index: 3, message: 'no routing key: to.key has 256 bytes, and may have 255', attempts: 1 },
    ]);
  });

  it('that no queue takes are given up on where they are mandatory, and those alone', async () => {
    const exchange = freshName();
    const queue = await makeQueue(exchange, 'a');
    const sink = await open({ exchange, key_field: 'key', mandatory: true });
    const messages = Array.from({ length: 500 }, (_, n) =>
      JSON.stringify({ n, key: n % 5 === 0 ? 'b' : 'a' }),
    );
    const undelivered = (await sink.write(batchOf(messages))) as readonly Undelivered[];
    expect(undelivered.map(({ index }) => index)).toEqual(
      messages.map((_, n) => n).filter((n) => n % 5 === 0),
    );
    expect(undelivered[0]?.message).toBe(`the exchange ${exchange} has no queue for the key "b" (NO_ROUTE)`);
    expect(await textsOf(queue)).toEqual(messages.filter((_, n) => n % 5 !== 0));
  });

  it('that are larger than the broker takes are given up on, and the others arrive', async () => {
    const queue = freshName();
    const sink = await open({ queue });
    const large = JSON.stringify('x'.repeat(17 * 1024 * 1024));
    const undelivered = await sink.write(batchOf(['1', large, '2']));
    expect(undelivered).toEqual([
      { index: 1, message: 'longer than the largest message of the broker, 16777216 bytes', attempts: 1 },
    ]);
    expect([...new Set(await textsOf(queue))]).toEqual(['1', '2']);
  });
});

describe('a RabbitMQ sink in trouble', () => {
  it('loses nothing through connections that are cut all the time', async () => {
    const queue = freshName();
    const proxy = await startTcpProxy(rabbit.port);
    onTestFinished(() => proxy.close());
    const connection = connectionTo(rabbit, { url: `amqp://127.0.0.1:${proxy.port}` });
    const sink = await open({ queue }, { connection });
    const messages = makeMessages(0, 20_000);
    for (let at = 0; at < messages.length; at += 4_000) {
      const writing = writeAll(sink, messages.slice(at, at + 4_000), 100);
      proxy.cut();
      await writing;
    }
    const received = await drain(rabbit, queue);
    expect([...new Set(received.map(({ content }) => content.toString('utf8')))]).toEqual(messages);
    const ids = new Map(received.map(({ properties, content }) => [properties.messageId, String(content)]));
    expect([...ids.values()]).toEqual(messages);
    expect(proxy.connections).toBeGreaterThan(3);
  });

  it('makes the queue again when it was deleted, and drops nothing meanwhile', async () => {
    const queue = freshName();
    const sink = await open({ queue });
    await sink.write(batchOf(['1']));
    await withClient(rabbit, async (model) => (await model.createChannel()).deleteQueue(queue));
    expect(await sink.write(batchOf(['2', '3']))).toEqual([]);
    expect([...new Set(await textsOf(queue))]).toEqual(['2', '3']);
  });

  it('sends again what a full queue refuses, until there is room', async () => {
    const queue = await makeQueue(undefined, '', { 'x-max-length': 10, 'x-overflow': 'reject-publish' });
    const lines: string[] = [];
    const sink = await open({ queue }, { log: (line: string) => lines.push(line) });
    const writing = sink.write(batchOf(Array.from({ length: 60 }, (_, n) => String(n))));
    const received: string[] = [];
    await expect
      .poll(async () => received.push(...(await textsOf(queue))), { timeout: 60_000, interval: 20 })
      .toBeGreaterThanOrEqual(60);
    expect(await writing).toEqual([]);
    expect(received.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n));
    expect(lines).toContain(`rabbitMQ/${queue}: the broker refuses messages; they are sent again`);
  });

  it('fails when its exchange is deleted', async () => {
    const exchange = freshName();
    await makeQueue(exchange);
    const sink = await open({ exchange });
    await sink.write(batchOf(['1']));
    await withClient(rabbit, async (model) => (await model.createChannel()).deleteExchange(exchange));
    expect(await failureOf(Promise.resolve(sink.write(batchOf(['2']))))).toMatchObject({
      code: 'connector-invalid',
      message: expect.stringContaining(`no exchange '${exchange}' in vhost '/'`),
    });
  });

  it('writes between services of a record type by its fields', async () => {
    const queue = freshName();
    const sink = await open({ queue, id_field: 'n' }, { type: record({ n: 'integer' }) });
    await sink.write(batchOf(['{"n":7}']));
    expect((await drain(rabbit, queue))[0]?.properties.messageId).toBe('7');
  });
});
