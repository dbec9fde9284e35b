import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Source, SourceBatch } from '../../../src/connectors/index.ts';
import { keyHash } from '../../../src/core/index.ts';
import { type Rabbit, startRabbit } from '../../support/brokers/rabbitmq.ts';
import { startTcpProxy, type TcpProxy } from '../../support/brokers/tcp-proxy.ts';
import { firstOccurrences, makeMessages, parse, readerOf } from '../conformance/broker-source-conformance.ts';
import { textOf } from '../conformance/source-conformance.ts';
import { failureOf, record } from '../support.ts';
import {
  connectionTo,
  drain,
  freshName,
  openSource,
  rabbitContext,
  send,
  untilConsumed,
  waitingIn,
  withClient,
} from './rabbit-support.ts';

let rabbit: Rabbit;
beforeAll(async () => {
  rabbit = await startRabbit();
});
afterAll(() => rabbit?.stop());

const never = new AbortController().signal;

/** Opens a source that is closed when the test is over. */
async function open(...[parameters, more]: [Record<string, unknown>, object?]): Promise<Source> {
  const source = await openSource(rabbitContext(rabbit, parameters, more));
  onTestFinished(() => source.close());
  return source;
}

async function firstBatch(source: Source): Promise<SourceBatch> {
  const { value } = await source.read(never)[Symbol.asyncIterator]().next();
  if (value === undefined) throw new Error('no batch');
  return value;
}

async function proxied(): Promise<TcpProxy> {
  const proxy = await startTcpProxy(rabbit.port);
  onTestFinished(() => proxy.close());
  return proxy;
}

describe('what a RabbitMQ source makes of messages', () => {
  it('rejects what does not fit, whole, and goes on', async () => {
    const queue = freshName();
    const poison = ['{"n":"1"}', '{', '', Buffer.of(0xff, 0x31), '{"n":1}\0', `{"n":${'1'.repeat(300)}}`];
    await send(rabbit, queue, ['{"n":1}', ...poison, '{"n":2}']);
    const batch = await firstBatch(
      await open({ queue }, { type: record({ n: 'integer' }), messageLimit: 200 }),
    );
    expect(textOf(batch)).toBe('{"n":1},{"n":2}');
    expect(batch.rejected.map(({ place, message }) => `${place}: ${message}`)).toEqual([
      `${queue}#2: $.n: expected Integer, found "1"`,
      expect.stringContaining(`${queue}#3: no valid JSON at byte 2`),
      `${queue}#4: an empty message`,
      `${queue}#5: not valid UTF-8`,
      expect.stringContaining(`${queue}#6: no valid JSON at byte 8`),
      `${queue}#7: longer than the largest message, 200 bytes`,
    ]);
    expect(batch.rejected.map(({ payload }) => Buffer.from(payload))).toEqual(
      poison.map((each) => Buffer.from(each)),
    );
    expect(batch.rejected.map(({ after }) => after)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('tells their routing keys where they are asked for, without those of messages that do not fit', async () => {
    const [queue, exchange] = [freshName(), freshName()];
    await withClient(rabbit, async (model) => {
      const channel = await model.createConfirmChannel();
      await channel.assertExchange(exchange, 'topic', { durable: true });
      await channel.assertQueue(queue, { durable: true });
      await channel.bindQueue(queue, exchange, '#');
      for (const [key, message] of [
        ['order.de', '1'],
        ['order.it', 'no JSON'],
        ['order.fr', '2'],
        ['order.de', '3'],
      ] as const)
        channel.publish(exchange, key, Buffer.from(message), { persistent: true });
      await channel.waitForConfirms();
    });
    const { keys } = await firstBatch(await open({ queue }, { keys: true }));
    const words = ['order.de', 'order.fr', 'order.de'].slice(0, keys?.length);
    expect(keys?.length).toBeGreaterThan(0);
    expect([...(keys ?? [])]).toEqual(words.map((word) => keyHash(Buffer.from(word))));
  });

  it('names a rejected message by its id where it has one', async () => {
    const queue = freshName();
    await send(rabbit, queue, ['no JSON'], { messageId: 'order-17' });
    expect((await firstBatch(await open({ queue }))).rejected[0]?.place).toBe(`${queue}#order-17`);
  });

  it('leaves every byte as it is, but for line breaks between tokens and a byte order mark', async () => {
    const queue = freshName();
    await send(rabbit, queue, [
      '{"n":\r\n9007199254740993, "x": 1.0 }',
      '\uFEFF"é\\n"',
      '[1e400,\n1]',
      ' 1 ',
    ]);
    const batch = await firstBatch(await open({ queue }));
    expect(textOf(batch)).toBe('{"n":  9007199254740993, "x": 1.0 },"é\\n", 1 ');
    expect(batch.rejected).toHaveLength(1);
  });

  it('makes Text of any UTF-8, and Bytes of any bytes', async () => {
    const texts = freshName();
    await send(rabbit, texts, ['two\r\nlines\r', '"quoted"', '', '\uFEFFmarked']);
    const text = await firstBatch(await open({ queue: texts }, { format: 'text', type: { kind: 'text' } }));
    expect(JSON.parse(`[${textOf(text)}]`)).toEqual(['two\r\nlines\r', '"quoted"', '', '\uFEFFmarked']);

    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const binaries = freshName();
    await send(rabbit, binaries, [all, Buffer.alloc(0)]);
    const bytes = await firstBatch(
      await open({ queue: binaries }, { format: 'bytes', type: { kind: 'bytes' } }),
    );
    expect(JSON.parse(`[${textOf(bytes)}]`)).toEqual([all.toString('base64'), '']);
  });
});

describe('what a RabbitMQ source takes', () => {
  it('takes as many messages as prefetch says, and more as it commits', async () => {
    const queue = freshName();
    await send(rabbit, queue, makeMessages(0, 1_000));
    const source = await open({ queue, prefetch: 10 });
    const reader = readerOf(source);
    await reader.take(10, { commit: 0 });
    expect(await waitingIn(rabbit, queue)).toBe(990);
    await source.close();
    const values = await readerOf(await open({ queue, prefetch: 10 })).take(1_000);
    expect(values).toEqual(parse(makeMessages(0, 1_000)));
  });

  it('takes few messages where they are large, and keeps their order', async () => {
    const queue = freshName();
    const large = Array.from({ length: 120 }, (_, n) => JSON.stringify({ n, text: 'x'.repeat(1024 * 1024) }));
    await send(rabbit, queue, [...makeMessages(0, 3_000), ...large, ...makeMessages(3_000, 3_000)]);
    const reader = readerOf(await open({ queue }));
    const numbers = (await reader.take(6_120)).map((value) => (value as { readonly n: number }).n);
    const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
    expect(numbers).toEqual([...range(0, 3_000), ...range(0, 120), ...range(3_000, 6_000)]);
  });

  it('is not filled by messages that become large all at once', async () => {
    const queue = freshName();
    const proxy = await proxied();
    await send(rabbit, queue, makeMessages(0, 2_000));
    const lines: string[] = [];
    const connection = connectionTo(rabbit, { url: `amqp://127.0.0.1:${proxy.port}` });
    const source = await open({ queue }, { connection, log: (line: string) => lines.push(line) });
    const reader = readerOf(source);
    // By now the broker hands over thousands.
    await reader.take(2_000);
    // All of them are on their way before the first arrives: what arrives one by one is stopped in time, and no connection is lost.
    proxy.freeze();
    const large = Array.from({ length: 200 }, (_, n) =>
      JSON.stringify({ n: 2_000 + n, text: 'x'.repeat(1024 * 1024) }),
    );
    await send(rabbit, queue, large);
    await expect.poll(() => waitingIn(rabbit, queue)).toBe(0);
    proxy.thaw();
    await expect.poll(() => lines.at(-1), { timeout: 30_000 }).toMatch(/connected to RabbitMQ .* again$/);
    expect(lines[0]).toContain(`the messages of ${queue} have become large`);
    expect(await waitingIn(rabbit, queue)).toBeGreaterThan(100);
    const numbers = (await reader.take(200)).map((value) => (value as { readonly n: number }).n);
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, n) => 2_000 + n));
  });

  it('tells how many messages wait', async () => {
    const queue = freshName();
    await send(rabbit, queue, makeMessages(0, 100));
    const source = await open({ queue, prefetch: 10 });
    const batch = await firstBatch(source);
    await expect.poll(() => source.progress().lag).toBe(100 - batch.count);
  });

  it('makes the queue that is missing, durable, and binds it to an exchange by its keys', async () => {
    const queue = freshName();
    const exchange = freshName();
    const source = await open({ queue, exchange, exchange_type: 'topic', key: ['orders.*', 'returns.#'] });
    const reader = readerOf(source);
    const first = reader.take(2);
    await untilConsumed(rabbit, queue);
    expect(await rabbit.control('list_queues', 'name', 'durable')).toMatch(`${queue}\ttrue`);
    await withClient(rabbit, async (model) => {
      const channel = await model.createConfirmChannel();
      for (const [key, text] of [
        ['orders.de', '1'],
        ['other', '2'],
        ['returns.de.x', '3'],
      ] as const)
        channel.publish(exchange, key, Buffer.from(text));
      await channel.waitForConfirms();
    });
    expect(await first).toEqual([1, 3]);
  });

  it('makes a quorum queue that does not drop what comes again and again', async () => {
    const queue = freshName();
    const source = await open({ queue, queue_type: 'quorum' });
    void source.read(never)[Symbol.asyncIterator]().next();
    await untilConsumed(rabbit, queue);
    expect(await rabbit.control('list_queues', 'name', 'type')).toMatch(`${queue}\tquorum`);
    await source.close();
    await send(rabbit, queue, ['1']);
    for (let round = 0; round < 25; round++) {
      const again = await openSource(rabbitContext(rabbit, { queue }));
      expect(textOf(await firstBatch(again))).toBe('1');
      await again.close();
    }
  });
});

describe('a RabbitMQ source in trouble', () => {
  it('reads on after its connection was cut, and a commit of before acknowledges nothing of after', async () => {
    const queue = freshName();
    const proxy = await proxied();
    const lines: string[] = [];
    await send(rabbit, queue, makeMessages(0, 300));
    const source = await open(
      { queue, prefetch: 50 },
      {
        connection: connectionTo(rabbit, { url: `amqp://127.0.0.1:${proxy.port}` }),
        log: (line: string) => lines.push(line),
      },
    );
    const batches = source.read(never)[Symbol.asyncIterator]();
    const first = (await batches.next()).value;
    proxy.cut();
    let second = (await batches.next()).value;
    while (second?.position?.epoch === first?.position?.epoch) second = (await batches.next()).value;
    await source.commit(first?.position, '');
    await source.close();
    expect(await waitingIn(rabbit, queue)).toBe(300);
    expect(lines[0]).toMatch(/^rabbitMQ\/test-.* is out of reach: .*; trying again$/);
    expect(lines.at(-1)).toMatch(/connected to RabbitMQ \d+\.\d+\.\d+ again$/);
  });

  it('gives everything through connections that are cut all the time', async () => {
    const queue = freshName();
    const proxy = await proxied();
    const messages = makeMessages(0, 5_000);
    await send(rabbit, queue, messages);
    const source = await open(
      { queue },
      { connection: connectionTo(rabbit, { url: `amqp://127.0.0.1:${proxy.port}` }) },
    );
    const reader = readerOf(source);
    let cutAt = 500;
    const values = await reader.takeUntil((all) => {
      if (all.length >= cutAt && proxy.connections < 8) {
        cutAt = all.length + 500;
        proxy.cut();
      }
      return firstOccurrences(all).length === 5_000;
    });
    expect(firstOccurrences(values)).toEqual(parse(messages));
    expect(proxy.connections).toBe(8);
  });

  it('keeps the order where the broker learns late that the connection was cut', async () => {
    const queue = freshName();
    const proxy = await proxied();
    const messages = makeMessages(0, 300);
    await send(rabbit, queue, messages);
    const source = await open(
      { queue, prefetch: 50 },
      { connection: connectionTo(rabbit, { url: `amqp://127.0.0.1:${proxy.port}` }) },
    );
    const reader = readerOf(source);
    const before = await reader.take(1);
    proxy.cut(700);
    const after = await reader.takeUntil((all) => firstOccurrences([...before, ...all]).length === 300);
    expect(firstOccurrences([...before, ...after])).toEqual(parse(messages));
  });

  it('notices that the broker is silent, by heartbeats', async () => {
    const queue = freshName();
    const proxy = await proxied();
    const source = await open(
      { queue },
      { connection: connectionTo(rabbit, { url: `amqp://127.0.0.1:${proxy.port}`, heartbeat: 1 }) },
    );
    const reader = readerOf(source);
    await send(rabbit, queue, ['1']);
    await reader.take(1);
    proxy.freeze();
    await send(rabbit, queue, ['2']);
    expect((await reader.takeUntil((values) => values.includes(2))).at(-1)).toBe(2);
    expect(proxy.connections).toBe(2);
  });

  it('makes the queue again when it was deleted', async () => {
    const queue = freshName();
    const reader = readerOf(await open({ queue }));
    await send(rabbit, queue, ['1']);
    await reader.take(1);
    const next = reader.take(1);
    await withClient(rabbit, async (model) => (await model.createChannel()).deleteQueue(queue));
    await untilConsumed(rabbit, queue);
    await send(rabbit, queue, ['2']);
    expect(await next).toEqual([2]);
  });

  it('fails when a queue that it may not make is deleted', async () => {
    const queue = freshName();
    await send(rabbit, queue, ['1']);
    const reader = readerOf(await open({ queue, declare: false }));
    await reader.take(1);
    const failure = failureOf(reader.take(1));
    await withClient(rabbit, async (model) => (await model.createChannel()).deleteQueue(queue));
    expect(await failure).toMatchObject({
      code: 'connector-invalid',
      message: expect.stringContaining(`no queue '${queue}' in vhost '/'`),
    });
  });

  it('reads on when the broker closes its channel', async () => {
    const queue = freshName();
    await send(rabbit, queue, makeMessages(0, 20));
    const reader = readerOf(await open({ queue }));
    await reader.take(20);
    // What the broker does when a message is not acknowledged for half an hour, done to the whole connection.
    await rabbit.control('close_all_connections', 'because');
    await send(rabbit, queue, makeMessages(20, 5));
    expect(await reader.take(5)).toEqual(parse(makeMessages(20, 5)));
    expect(await drain(rabbit, queue)).toEqual([]);
  });
});
