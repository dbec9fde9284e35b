import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sink, SinkTransactions, Source, SourceBatch } from '../../../src/connectors/index.ts';
import { startKafka, type TestKafka } from '../../support/brokers/kafka.ts';
import { batchOf } from '../conformance/sink-conformance.ts';
import { failureOf, messagesOf } from '../support.ts';
import {
  committedOffsets,
  contextFor,
  freshName,
  seenOutside,
  sendOutside,
  testSink,
  testSource,
} from './kafka-support.ts';

let broker: TestKafka;

beforeAll(async () => {
  broker = await startKafka();
});
afterAll(() => broker?.stop());

const count = 2_000;

interface Route {
  readonly from: string;
  readonly to: string;
}

async function makeRoute(): Promise<Route> {
  const route = { from: freshName(), to: freshName() };
  await broker.createTopic(route.from, 2);
  await broker.createTopic(route.to, 2);
  await sendOutside(
    broker,
    route.from,
    Array.from({ length: count }, (_, n) => ({ value: `${n}`, partition: n % 2 })),
  );
  return route;
}

function transactionsOf(sink: Sink): SinkTransactions {
  if (sink.transactions === undefined) throw new Error('the sink has no transactions');
  return sink.transactions;
}

async function openRoute({ from, to }: Route) {
  const workflow = `eo-${from}`;
  const source = await testSource(contextFor(broker, { topic: from }, { workflow }));
  const sink = await testSink(contextFor(broker, { topic: to, guarantee: 'exactly-once' }, { workflow }));
  const transactions = transactionsOf(sink);
  await transactions.check(source.origin);
  return { source, sink, transactions };
}

/** As the data path does it: a transaction for each batch. */
async function carry(
  { source, transactions }: { source: Source; transactions: SinkTransactions },
  batch: SourceBatch,
) {
  const transaction = await transactions.begin(source.origin, batch.partition ?? '');
  await transaction.write(batchOf(messagesOf([batch]).map(String)));
  return transaction.commit(batch.position);
}

/** Until the group has everything: it may be told so a moment after the last transaction has committed. */
async function carryAll(opened: Awaited<ReturnType<typeof openRoute>>, route: Route): Promise<void> {
  const { signal, stop } = whenAllRead(route);
  for await (const batch of opened.source.read(signal)) await carry(opened, batch);
  await stop;
}

function whenAllRead(route: Route) {
  const abort = new AbortController();
  const stop = expect
    .poll(() => isAllRead(route), { timeout: 150_000, interval: 200 })
    .toBe(true)
    .finally(() => abort.abort());
  stop.catch(() => {});
  return { signal: abort.signal, stop };
}

const numbers = async (topic: string) => (await seenOutside(broker, topic)).map(({ value }) => Number(value));

async function isAllRead({ from }: Route): Promise<boolean> {
  const committed = await committedOffsets(broker, `nstack-eo-${from}`, from);
  return Object.values(committed).reduce((sum, offset) => sum + Math.max(0, offset), 0) === count;
}

async function expectExactlyOnce(route: Route): Promise<void> {
  const seen = await numbers(route.to);
  expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
}

describe('exactly once, from topic to topic', () => {
  it('writes results and positions as one', async () => {
    const route = await makeRoute();
    await carryAll(await openRoute(route), route);
    await expectExactlyOnce(route);
  });

  it('shows nothing of a transaction that was cut off between writing and committing, and does it again', async () => {
    const route = await makeRoute();
    const first = await openRoute(route);
    let carried = 0;
    for await (const batch of first.source.read(new AbortController().signal)) {
      const transaction = await first.transactions.begin(first.source.origin, batch.partition ?? '');
      await transaction.write(batchOf(messagesOf([batch]).map(String)));
      if (carried++ === 1) break;
      expect(await transaction.commit(batch.position)).toBe(true);
    }
    // Gone as a process is that is killed: the transaction stays open, the group is left by time alone.
    await first.sink.abandon();
    const before = await numbers(route.to);
    expect(before.length).toBeLessThan(count);
    await first.source.close();
    await carryAll(await openRoute(route), route);
    await expectExactlyOnce(route);
  });

  it('shuts out one that has lost its partition', async () => {
    const route = await makeRoute();
    const zombie = await openRoute(route);
    const batches = zombie.source.read(new AbortController().signal)[Symbol.asyncIterator]();
    const held = await batches.next();
    if (held.done === true) throw new Error('nothing was read');
    const transaction = await zombie.transactions.begin(zombie.source.origin, held.value.partition ?? '');
    await transaction.write(batchOf(messagesOf([held.value]).map(String)));
    const successor = await openRoute(route);
    // Leaves the group behind its own back, with the transaction open.
    await zombie.source.close();
    await carryAll(successor, route);
    expect(await transaction.commit(held.value.position)).toBe(false);
    await expectExactlyOnce(route);
  });

  it('comes through the death of the broker', async () => {
    const route = await makeRoute();
    const opened = await openRoute(route);
    let batches = 0;
    const { signal, stop } = whenAllRead(route);
    for await (const batch of opened.source.read(signal)) {
      const transaction = await opened.transactions.begin(opened.source.origin, batch.partition ?? '');
      await transaction.write(batchOf(messagesOf([batch]).map(String)));
      const committing = transaction.commit(batch.position);
      if (batches++ === 1) {
        await broker.kill();
        await broker.restart();
      }
      await committing;
    }
    await stop;
    await expectExactlyOnce(route);
  });

  it('wants a source of its own kind', async () => {
    const { to } = await makeRoute();
    const sink = await testSink(contextFor(broker, { topic: to, guarantee: 'exactly-once' }));
    const failure = await failureOf(transactionsOf(sink).check(undefined));
    expect(failure.message).toContain('needs a source that is a Kafka topic too');
  });
});
