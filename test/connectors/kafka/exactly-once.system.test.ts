import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type {
  OpenContext,
  Sink,
  SinkTransactions,
  Source,
  SourceBatch,
} from '../../../src/connectors/index.ts';
import { txnOffsetCommitRequest } from '../../../src/connectors/kafka/client/group-requests.ts';
import { openClient } from '../../../src/connectors/kafka/client/open-client.ts';
import { readSettings } from '../../../src/connectors/kafka/settings.ts';
import type { KafkaOrigin } from '../../../src/connectors/kafka/source/kafka-origin.ts';
import { startKafka, type TestKafka } from '../../support/brokers/kafka.ts';
import { batchOf } from '../conformance/sink-conformance.ts';
import { failureOf, messagesOf } from '../support.ts';
import {
  committedOffsets,
  connectionTo,
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

async function openRoute({ from, to }: Route, more: Partial<OpenContext> = {}) {
  const workflow = `eo-${from}`;
  const source = await testSource(contextFor(broker, { topic: from }, { workflow, ...more }));
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

/** With a state folder it comes back in its own place, and is missed after a minute. */
const atHome: Partial<OpenContext> = { stateFolder: '/state/eo' };

/** A transaction with the position of partition 0 in it, and nobody who will ever end it. */
async function leaveOpen({ from }: Route, { group, membership }: KafkaOrigin): Promise<void> {
  const member = membership();
  if (member === undefined) throw new Error('the source is no member');
  const client = await openClient(readSettings(connectionTo(broker.bootstrap)), 'dead');
  onTestFinished(() => client.close());
  const transactionalId = `nstack-eo-${from}-${from}-0`;
  const coordinator = await client.coordinator('transaction', transactionalId);
  const identity = await coordinator.initProducer(transactionalId, 60_000);
  await coordinator.addOffsets({ ...identity, transactionalId }, group);
  const keeper = await client.coordinator('group', group);
  const offsets = [{ partition: 0, offset: 1, leaderEpoch: 0 }];
  const answers = await keeper.send(
    txnOffsetCommitRequest({ ...identity, transactionalId, group, topic: from, membership: member, offsets }),
  );
  expect(answers.map(({ errorCode }) => errorCode)).toEqual([0]);
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

  it('shuts out one whose successor has come in its place', async () => {
    const route = await makeRoute();
    const zombie = await openRoute(route, atHome);
    const batches = zombie.source.read(new AbortController().signal)[Symbol.asyncIterator]();
    const held = await batches.next();
    if (held.done === true) throw new Error('nothing was read');
    const transaction = await zombie.transactions.begin(zombie.source.origin, held.value.partition ?? '');
    await transaction.write(batchOf(messagesOf([held.value]).map(String)));
    const successor = await openRoute(route, atHome);
    const young = successor.source.read(new AbortController().signal)[Symbol.asyncIterator]();
    const first = await young.next();
    expect(await transaction.commit(held.value.position)).toBe(false);
    if (first.done === true) throw new Error('nothing was read');
    expect(await carry(successor, first.value)).toBe(true);
    await successor.source.close();
    await carryAll(await openRoute(route, atHome), route);
    await expectExactlyOnce(route);
  });

  it('goes on at once where one was killed between the position and the end of its transaction', async () => {
    const route = await makeRoute();
    const { source } = await openRoute(route, atHome);
    await source.read(new AbortController().signal)[Symbol.asyncIterator]().next();
    await leaveOpen(route, source.origin as KafkaOrigin);
    const successor = await openRoute(route, atHome);
    const started = Date.now();
    await carryAll(successor, route);
    expect(Date.now() - started).toBeLessThan(10_000);
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
