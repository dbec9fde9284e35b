import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Connection, OpenContext, Sink, Source, SourceBatch } from '../../../src/connectors/index.ts';
import { kafka } from '../../../src/connectors/kafka/kafka.ts';
import type { TestKafka } from '../../support/brokers/kafka.ts';
import { openContext } from '../support.ts';

let made = 0;

/** A name that no other topic has. */
export function freshName(): string {
  return `t${process.pid}-${made++}`;
}

export function connectionTo(brokers: string, settings: Readonly<Record<string, unknown>> = {}): Connection {
  return { name: 'kafka', system: 'kafka', settings: { brokers: [brokers], ...settings }, secrets: [] };
}

export function contextFor(
  broker: TestKafka,
  parameters: Readonly<Record<string, unknown>>,
  more: Partial<OpenContext> = {},
): OpenContext {
  return openContext(parameters, {
    workflow: `w-${String(parameters.topic)}`,
    connection: connectionTo(broker.bootstrap, { timeouts: { session: 3_000 } }),
    ...more,
  });
}

export async function openSource(context: OpenContext): Promise<Source> {
  const source = await kafka.source?.open(context);
  if (source === undefined) throw new Error('kafka has no source');
  return source;
}

export async function openSink(context: OpenContext): Promise<Sink> {
  const sink = await kafka.sink?.open(context);
  if (sink === undefined) throw new Error('kafka has no sink');
  return sink;
}

/** A source that is closed when the test is over. */
export async function testSource(context: OpenContext): Promise<Source> {
  const source = await openSource(context);
  onTestFinished(() => source.close());
  return source;
}

/** A sink that is given up when the test is over. */
export async function testSink(context: OpenContext): Promise<Sink> {
  const sink = await openSink(context);
  onTestFinished(() => sink.abandon());
  return sink;
}

export interface OutsideMessage {
  readonly key?: string | null;
  readonly value: string | Buffer | null;
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends as a client that is not nstack's. */
export async function sendOutside(
  broker: TestKafka,
  topic: string,
  messages: readonly OutsideMessage[],
): Promise<void> {
  // Without it a batch that some partitions of a new topic refuse is sent again to those too that took it.
  const producer = broker.outside.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    for (let at = 0; at < messages.length; at += 5_000)
      await producer.send({
        topic,
        messages: messages
          .slice(at, at + 5_000)
          .map(({ headers, ...rest }) => ({ ...rest, ...(headers && { headers: { ...headers } }) })),
      });
  } finally {
    await producer.disconnect();
  }
}

export interface SeenMessage {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | undefined;
  readonly value: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** All committed messages of a topic by partition and offset, as a client that is not nstack's sees them. */
export async function seenOutside(broker: TestKafka, topic: string): Promise<readonly SeenMessage[]> {
  const admin = await broker.admin();
  const ends = await admin.fetchTopicOffsets(topic).finally(() => admin.disconnect());
  const left = new Map(
    ends.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, Number(high)]),
  );
  const seen: SeenMessage[] = [];
  if (left.size === 0) return seen;
  const consumer = broker.outside.consumer({ groupId: freshName(), maxWaitTimeInMs: 100 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // A batch that holds nothing but markers and what was given up ends as well, though it is not handed over.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
      if (Number(lastOffset) + 1 >= (left.get(partition) ?? 0)) left.delete(partition);
      if (left.size === 0) resolve();
    });
    consumer
      .run({
        eachBatchAutoResolve: true,
        async eachBatch({ batch }) {
          for (const { offset, key, value, headers = {} } of batch.messages)
            seen.push({
              partition: batch.partition,
              offset: Number(offset),
              key: key?.toString(),
              value: value?.toString(),
              headers: Object.fromEntries(
                Object.entries(headers).map(([name, text]) => [name, String(text)]),
              ),
            });
        },
      })
      .catch(reject);
    await promise;
  } finally {
    await consumer.disconnect();
  }
  return seen.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** The group's offset in each partition. */
export async function committedOffsets(
  broker: TestKafka,
  group: string,
  topic: string,
): Promise<Readonly<Record<number, number>>> {
  const admin = await broker.admin();
  const [found] = await admin
    .fetchOffsets({ groupId: group, topics: [topic] })
    .finally(() => admin.disconnect());
  return Object.fromEntries(
    (found?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]),
  );
}

/** Pulls batches and commits each, until that many messages have come, those that do not fit among them. */
export async function pull(source: Source, count: number): Promise<readonly SourceBatch[]> {
  const batches: SourceBatch[] = [];
  let left = count;
  for await (const batch of source.read(new AbortController().signal)) {
    batches.push(batch);
    await source.commit(batch.position, batch.partition ?? '');
    left -= batch.count + batch.rejected.length;
    if (left <= 0) break;
  }
  return batches;
}

const sockets = new Set<Socket>();

/** Sockets that this process opens from now on, so that a test knows what came through them. */
export function watchSockets(): void {
  subscribe('net.client.socket', (message) => void sockets.add((message as { socket: Socket }).socket));
}

export function bytesReceived(): number {
  let sum = 0;
  for (const { bytesRead } of sockets) sum += bytesRead;
  return sum;
}
