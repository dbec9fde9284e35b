import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kafka } from '../../../src/connectors/kafka/kafka.ts';
import { compressions } from '../../../src/connectors/kafka/records/codecs.ts';
import { keyHash } from '../../../src/core/index.ts';
import { kafkaUser, startKafka, type TestKafka } from '../../support/brokers/kafka.ts';
import { batchOf } from '../conformance/sink-conformance.ts';
import { failureOf, messagesOf, record, rejectedOf } from '../support.ts';
import {
  committedOffsets,
  connectionTo,
  contextFor,
  freshName,
  openSource,
  pull,
  seenOutside,
  sendOutside,
  testSink,
  testSource,
} from './kafka-support.ts';

let broker: TestKafka;

beforeAll(async () => {
  broker = await startKafka({ secure: true });
});
afterAll(() => broker?.stop());

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => ({ value: `{"n":${from + at}}`, partition: (from + at) % 3 }));

const numbersOf = (values: readonly unknown[]) =>
  values.map((value) => (value as { n: number }).n).sort((a, b) => a - b);
const range = (to: number) => Array.from({ length: to }, (_, n) => n);

describe('a group', () => {
  it('goes on where it left off, in each partition, and tells how much waits', async () => {
    const topic = freshName();
    await broker.createTopic(topic, 3);
    await sendOutside(broker, topic, numbered(0, 300));
    const context = contextFor(broker, { topic, group: `g-${topic}` });
    const first = await testSource(context);
    const values = messagesOf(await pull(first, 100));
    await first.close();
    const committed = await committedOffsets(broker, `g-${topic}`, topic);
    expect(Object.values(committed).reduce((sum, offset) => sum + Math.max(0, offset), 0)).toBe(
      values.length,
    );
    const second = await testSource(context);
    values.push(...messagesOf(await pull(second, 300 - values.length)));
    expect(numbersOf(values)).toEqual(range(300));
    expect(second.progress().lag).toBe(0);
    await sendOutside(broker, topic, numbered(300, 330));
    await expect.poll(() => second.progress().lag).toBe(30);
  });

  it('tells the keys of messages where they are asked for', async () => {
    const topic = freshName();
    await broker.createTopic(topic);
    const keys = ['ada', null, 'alan', 'ada'];
    await sendOutside(
      broker,
      topic,
      keys.map((key) => ({ key, value: '1' })),
    );
    const asked = await pull(
      await testSource(contextFor(broker, { topic, group: `k-${topic}` }, { keys: true })),
      4,
    );
    expect(asked.flatMap((batch) => [...(batch.keys ?? [])])).toEqual(
      keys.map((key) => (key === null ? 0 : keyHash(Buffer.from(key)))),
    );
    const unasked = await pull(await testSource(contextFor(broker, { topic, group: `u-${topic}` })), 4);
    expect(unasked.flatMap((batch) => batch.keys ?? [])).toEqual([]);
  });

  it('begins where it is told to, where it remembers nothing', async () => {
    const topic = freshName();
    await broker.createTopic(topic);
    await sendOutside(broker, topic, [{ value: '"old"' }]);
    const latest = await testSource(contextFor(broker, { topic, from: 'latest', group: `l-${topic}` }));
    const next = pull(latest, 1);
    await expect.poll(async () => committedGroup(`l-${topic}`)).toBe(1);
    const time = new Date().toISOString();
    await sendOutside(broker, topic, [{ value: '"new"' }]);
    expect(messagesOf(await next)).toEqual(['new']);
    const since = await testSource(contextFor(broker, { topic, from: time, group: `s-${topic}` }));
    expect(messagesOf(await pull(since, 1))).toEqual(['new']);
    const all = await testSource(contextFor(broker, { topic, group: `a-${topic}` }));
    expect(messagesOf(await pull(all, 2))).toEqual(['old', 'new']);
  });

  it('loses nothing when a second member comes, and when one goes, while messages flow', async () => {
    const topic = freshName();
    await broker.createTopic(topic, 3);
    const context = contextFor(broker, { topic });
    const seen = new Set<number>();
    const stop = new AbortController();
    const [one, two] = [await testSource(context), await openSource(context)];
    const partitionsOfTwo = new Set<string>();
    const read = async (source: typeof one, partitions?: Set<string>) => {
      for await (const batch of source.read(stop.signal)) {
        for (const n of numbersOf(messagesOf([batch]))) seen.add(n);
        partitions?.add(batch.partition ?? '');
        await source.commit(batch.position, batch.partition ?? '');
      }
    };
    const reading = [read(one)];
    await sendOutside(broker, topic, numbered(0, 3_000));
    reading.push(read(two, partitionsOfTwo));
    for (let at = 3_000; partitionsOfTwo.size === 0 && at < 60_000; at += 1_000)
      await sendOutside(broker, topic, numbered(at, at + 1_000));
    const sent = await highest(topic);
    await two.close();
    await sendOutside(broker, topic, numbered(sent, sent + 3_000));
    await expect.poll(() => seen.size, { timeout: 30_000 }).toBe(sent + 3_000);
    expect(partitionsOfTwo.size).toBeGreaterThan(0);
    stop.abort();
    await Promise.all(reading);
    await one.close();
    const committed = await committedOffsets(broker, `nstack-w-${topic}`, topic);
    expect(Object.values(committed).reduce((sum, offset) => sum + offset, 0)).toBe(sent + 3_000);
  });

  it('keeps a member that does not pull for longer than a session lasts', async () => {
    const topic = freshName();
    await broker.createTopic(topic);
    await sendOutside(
      broker,
      topic,
      range(2_000).map((n) => ({ value: `{"n":${n}}` })),
    );
    const connection = connectionTo(broker.bootstrap, { timeouts: { session: 1_000 } });
    const source = await testSource(contextFor(broker, { topic }, { connection }));
    const batches = source.read(new AbortController().signal)[Symbol.asyncIterator]();
    const first = await batches.next();
    const before = await members(`nstack-w-${topic}`);
    // Time itself is what is tested: three sessions.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await members(`nstack-w-${topic}`)).toEqual(before);
    const second = await batches.next();
    for (const { value } of [first, second]) await source.commit(value?.position, value?.partition ?? '');
    await expect
      .poll(async () => (await committedOffsets(broker, `nstack-w-${topic}`, topic))[0])
      .toBe((first.value?.count ?? 0) + (second.value?.count ?? 0));
  });

  it('makes dead letters of what does not fit, with its place, and goes on', async () => {
    const topic = freshName();
    await broker.createTopic(topic);
    const values = ['{"n":1}', 'poison', null, Buffer.from([0xff, 0xfe]), '{"n":"x"}', '{"n":2}'];
    await sendOutside(
      broker,
      topic,
      values.map((value) => ({ value, key: 'k', headers: { trace: 'a' } })),
    );
    const source = await testSource(contextFor(broker, { topic }, { type: record({ n: 'integer' }) }));
    const batches = await pull(source, values.length);
    expect(messagesOf(batches)).toEqual([{ n: 1 }, { n: 2 }]);
    expect(rejectedOf(batches)).toEqual([
      expect.stringContaining(`${topic}/0@1: no valid JSON`),
      `${topic}/0@2: a null value (a tombstone), which the type does not take`,
      `${topic}/0@3: not valid UTF-8`,
      expect.stringContaining(`${topic}/0@4: $.n`),
    ]);
    await source.close();
    expect(await committedOffsets(broker, `nstack-w-${topic}`, topic)).toEqual({ 0: 6 });
  });
});

describe('compression', () => {
  it.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    'reads what the Java producer compresses with %s',
    async (codec) => {
      const topic = freshName();
      await broker.createTopic(topic);
      const lines = range(2_000).map(
        (n) => `{"n":${n},"text":"some text that repeats, some text that repeats"}`,
      );
      await broker.tool(
        'org.apache.kafka.tools.ConsoleProducer',
        [
          '--bootstrap-server',
          broker.bootstrap,
          '--topic',
          topic,
          '--compression-codec',
          codec,
          '--batch-size',
          '60000',
        ],
        `${lines.join('\n')}\n`,
      );
      const source = await testSource(contextFor(broker, { topic }));
      expect(messagesOf(await pull(source, lines.length))).toEqual(lines.map((line) => JSON.parse(line)));
    },
  );

  it('writes what the Java consumer reads, with every codec', async () => {
    const topic = freshName();
    await broker.createTopic(topic);
    const lines: string[] = [];
    for (const compression of compressions) {
      const sink = await testSink(contextFor(broker, { topic, compression }));
      const messages = range(1_000).map(
        (n) => `{"codec":"${compression}","n":${n},"text":"${'ab'.repeat(n % 50)}"}`,
      );
      await sink.write(batchOf(messages));
      lines.push(...messages);
    }
    const out = await broker.tool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
      '--bootstrap-server',
      broker.bootstrap,
      '--topic',
      topic,
      '--from-beginning',
      '--max-messages',
      String(lines.length),
    ]);
    expect(out.trimEnd().split('\n')).toEqual(lines);
    const source = await testSource(contextFor(broker, { topic }));
    expect(messagesOf(await pull(source, lines.length))).toEqual(lines.map((line) => JSON.parse(line)));
  });
});

describe('a sink', () => {
  it('gives messages keys and headers, and keeps those of a key in order in one partition', async () => {
    const topic = freshName();
    await broker.createTopic(topic, 3);
    const sink = await testSink(contextFor(broker, { topic, key: 'user.id', headers: { from: 'nstack' } }));
    const messages = range(300).map((n) => `{"user":{"id":"u${n % 10}"},"n":${n}}`);
    await Promise.all(range(30).map((at) => sink.write(batchOf(messages.slice(at * 10, at * 10 + 10)))));
    const seen = await seenOutside(broker, topic);
    expect(seen.every(({ headers }) => headers.from === 'nstack')).toBe(true);
    const java = await outsidePartitions(
      topic,
      seen.map(({ key }) => key ?? ''),
    );
    for (const [index, { key, partition }] of seen.entries())
      expect([key, partition]).toEqual([key, java[index]]);
    for (let user = 0; user < 10; user++) {
      const own = seen.filter(({ key }) => key === `u${user}`);
      expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
      expect(own.map(({ value }) => JSON.parse(value ?? '').n)).toEqual(
        range(30).map((at) => at * 10 + user),
      );
    }
  });

  it('gives up on messages that the broker finds too large, and delivers those around them', async () => {
    const topic = freshName();
    await broker.createTopic(topic, 1, { 'max.message.bytes': '20000' });
    const sink = await testSink(contextFor(broker, { topic }));
    const messages = range(100).map((n) => (n % 40 === 7 ? JSON.stringify('x'.repeat(30_000)) : `${n}`));
    const undelivered = (await sink.write(batchOf(messages))) ?? [];
    expect(undelivered.map(({ index }) => index)).toEqual([7, 47, 87]);
    expect(undelivered[0]?.message).toContain('too large');
    const seen = await seenOutside(broker, topic);
    expect(seen.map(({ value }) => value)).toEqual(messages.filter((_, n) => n % 40 !== 7));
  });

  it('gives up on messages without a key in a topic that is compacted', async () => {
    const topic = freshName();
    await broker.createTopic(topic, 1, { 'cleanup.policy': 'compact' });
    const sink = await testSink(contextFor(broker, { topic, key: 'k' }));
    const undelivered = (await sink.write(batchOf(['{"k":"a"}', '{}', '{"k":"b"}']))) ?? [];
    expect(undelivered.map(({ index }) => index)).toEqual([1]);
    expect((await seenOutside(broker, topic)).map(({ key }) => key)).toEqual(['a', 'b']);
  });
});

describe('a connection', () => {
  const test = (settings: Readonly<Record<string, unknown>>, brokers: string) =>
    kafka.connection?.test(connectionTo(brokers, settings), AbortSignal.timeout(30_000)) ??
    Promise.resolve('');

  const secure = () => {
    if (broker.secure === undefined) throw new Error('the broker has no listeners with TLS');
    return broker.secure;
  };

  it('is looked at in one line', async () => {
    expect(await test({}, broker.bootstrap)).toMatch(
      /^cluster \S+: 1 broker \(127\.0\.0\.1:\d+\), \d+ topics?$/,
    );
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
    'logs in with %s over TLS, and reads and writes',
    async (mechanism) => {
      const { saslTls, certificates } = secure();
      const settings = { tls: { ca: certificates.ca }, sasl: { mechanism, ...kafkaUser } };
      const topic = freshName();
      await broker.createTopic(topic);
      const context = contextFor(broker, { topic }, { connection: connectionTo(saslTls, settings) });
      const sink = await testSink(context);
      await sink.write(batchOf(['1', '2']));
      expect(messagesOf(await pull(await testSource(context), 2))).toEqual([1, 2]);
    },
  );

  it('says that the password is wrong, and not what it is', async () => {
    const sasl = { mechanism: 'scram-sha-256', ...kafkaUser, password: 'not-the-password' };
    const failure = await failureOf(test({ sasl }, secure().saslPlaintext));
    expect(failure.code).toBe('connection-invalid');
    expect(failure.message + failure.hint).not.toContain('not-the-password');
  });

  it('does not trust a certificate that nobody it knows has signed', async () => {
    expect((await failureOf(test({ tls: true }, secure().tls))).code).toBe('connection-invalid');
    expect(await test({ tls: { insecure: true } }, secure().tls)).toContain('1 broker');
  });

  it('shows its own certificate', async () => {
    const { ca, client } = secure().certificates;
    expect(await test({ tls: { ca, ...client } }, secure().tls)).toContain('1 broker');
  });

  it('says that nobody answers', async () => {
    const failure = await failureOf(test({ timeouts: { connect: 1_000 } }, '127.0.0.1:1'));
    expect(failure.code).toBe('broker-unavailable');
    expect(failure.message).toContain('127.0.0.1:1');
  });
});

async function committedGroup(group: string): Promise<number> {
  return (await members(group)).length;
}

async function members(group: string): Promise<readonly string[]> {
  const admin = await broker.admin();
  const { groups } = await admin.describeGroups([group]).finally(() => admin.disconnect());
  return groups[0]?.state === 'Stable' ? groups[0].members.map(({ memberId }) => memberId) : [];
}

async function highest(topic: string): Promise<number> {
  const admin = await broker.admin();
  const offsets = await admin.fetchTopicOffsets(topic).finally(() => admin.disconnect());
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

/** Where another client puts these keys. */
async function outsidePartitions(topic: string, keys: readonly string[]): Promise<readonly number[]> {
  const other = `${topic}-other`;
  await broker.createTopic(other, 3);
  await sendOutside(
    broker,
    other,
    keys.map((key) => ({ key, value: '1' })),
  );
  const seen = await seenOutside(broker, other);
  const where = new Map(seen.map(({ key, partition }) => [key, partition]));
  return keys.map((key) => where.get(key) ?? -1);
}
