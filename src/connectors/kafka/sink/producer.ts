import type { SinkBatch, Undelivered } from '../../connector.ts';
import { createBackoff } from '../client/backoff.ts';
import { produceRequest } from '../client/data-requests.ts';
import type { KafkaClient } from '../client/kafka-client.ts';
import { failureKind } from '../client/kafka-failure.ts';
import { throwKafkaError, typeOfCode } from '../client/protocol-error.ts';
import type { TroubleLog } from '../client/trouble-log.ts';
import type { Codec } from '../records/codecs.ts';
import { judgeAnswer } from './judge-answer.ts';
import { createPendingWrite, createQueues, type Outgoing, type QueueOptions, settle } from './outgoing.ts';
import type { TopicPartitions } from './topic-partitions.ts';

export interface ProducerOptions extends QueueOptions {
  readonly client: KafkaClient;
  readonly topic: string;
  readonly partitions: TopicPartitions;
  readonly codec: Codec;
  readonly trouble: TroubleLog;
  toError(error: unknown): unknown;
}

/**
 * Writes to a topic with all replicas' word for it, idempotently: each leader gets one request at a time, with the oldest batch of each of its partitions, and
 * a batch that was perhaps written goes again with the sequence it had. So order is kept, and a broker drops what it has already.
 * What waits meanwhile grows into one batch.
 */
export interface Producer {
  /** Resolves with what was given up; rejects where waiting heals nothing, or once it is closed. */
  write(batch: SinkBatch): Promise<readonly Undelivered[]>;
  close(reason: unknown): void;
}

/** Who we are to the brokers, and how many messages each partition has of us. */
interface Identity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly sequences: Map<number, number>;
}

interface Sent {
  readonly identity: Identity;
  readonly sequence: number;
  readonly records: Buffer;
}

const requestBytes = 4 * 1024 * 1024;
/** How long a broker may wait for the other replicas. */
const replicaTimeout = 30_000;
/** Topics may get more partitions while we write. */
const lookInterval = 5 * 60_000;

export function createProducer(options: ProducerOptions): Producer {
  const { client, topic, partitions, codec, trouble } = options;
  const queues = createQueues(options);
  const life = new AbortController();
  const pending = new Set<{ fail(error: unknown): void }>();
  const busy = new Set<number>();
  /** Partitions with a batch on its way: another leader must not get it too. */
  const underWay = new Set<number>();
  const sealed = new WeakMap<Outgoing, Sent>();
  const backoff = createBackoff();
  let identity: Promise<Identity> | undefined;
  let isLooking = false;
  let looked = Date.now();
  let isPumping = false;
  let failure: unknown;

  /** Soon, so that writes of one turn go as one. */
  function pump(): void {
    if (isPumping) return;
    isPumping = true;
    setImmediate(() => {
      isPumping = false;
      if (life.signal.aborted) return;
      const byLeader = new Map<number, Outgoing[]>();
      let isUnknown = Date.now() - looked > lookInterval;
      for (const [partition, queue] of queues.byPartition) {
        const first = queue[0];
        if (first === undefined || underWay.has(partition)) continue;
        const leader = partitions.leaderOf(partition);
        if (leader === undefined) isUnknown = true;
        else if (!busy.has(leader)) byLeader.set(leader, [...(byLeader.get(leader) ?? []), first]);
      }
      for (const [leader, batches] of byLeader) void send(leader, within(batches));
      if (isUnknown) void look();
    });
  }

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      await partitions.look();
      looked = Date.now();
    } catch (error) {
      await failed(error);
    }
    isLooking = false;
    pump();
  }

  async function failed(error: unknown): Promise<void> {
    if (life.signal.aborted) return;
    if (failureKind(error) === 'final') return close(options.toError(error));
    trouble.failed(error);
    await backoff.pause(life.signal);
  }

  async function send(leader: number, batches: readonly Outgoing[]): Promise<void> {
    busy.add(leader);
    for (const { partition } of batches) underWay.add(partition);
    try {
      identity ??= newIdentity();
      const mine = await identity;
      const broker = await client.broker(leader);
      const answers = await broker.send(
        produceRequest({
          topic,
          transactionalId: null,
          timeout: replicaTimeout,
          batches: batches.map((batch) => ({
            partition: batch.partition,
            records: seal(batch, mine).records,
          })),
        }),
      );
      let trial: number | undefined;
      for (const batch of batches) {
        const answer = answers.find(({ partition }) => partition === batch.partition);
        if (answer === undefined) throw new RangeError('the broker does not answer for all partitions');
        const verdict = judgeAnswer(batch, answer);
        if (verdict.kind === 'written') written(batch);
        else if (verdict.kind === 'split') queues.replaceFirst(batch, verdict.rest);
        else {
          trial = answer.errorCode;
          if (verdict.kind === 'identity') renew(batch);
          else partitions.forgetLeader(batch.partition);
          if (failsForGood(answer.errorCode)) throwKafkaError(answer.errorCode);
        }
      }
      if (trial !== undefined) throwKafkaError(trial);
      backoff.reset();
      trouble.worked();
    } catch (error) {
      if (!life.signal.aborted && failureKind(error) === 'connection') {
        client.drop(leader);
        for (const { partition } of batches) partitions.forgetLeader(partition);
      }
      await failed(error);
    }
    busy.delete(leader);
    for (const { partition } of batches) underWay.delete(partition);
    pump();
  }

  function seal(batch: Outgoing, mine: Identity): Sent {
    batch.isSealed = true;
    batch.attempts++;
    const before = sealed.get(batch);
    if (before !== undefined) return before;
    const sequence = mine.sequences.get(batch.partition) ?? 0;
    const { producerId, producerEpoch } = mine;
    const records = batch.builder.seal(
      { producerId, producerEpoch, baseSequence: sequence, isTransactional: false },
      codec,
    );
    const made = { identity: mine, sequence, records };
    sealed.set(batch, made);
    return made;
  }

  function written(batch: Outgoing): void {
    const sent = sealed.get(batch);
    // Sequences go round at 2^31.
    if (sent !== undefined)
      sent.identity.sequences.set(batch.partition, (sent.sequence + batch.indexes.length) % 2 ** 31);
    queues.replaceFirst(batch, []);
    settle(batch);
  }

  /** What was sealed by the identity that the broker refuses goes again under another; others go on as they are. */
  function renew(batch: Outgoing): void {
    const refused = sealed.get(batch)?.identity;
    sealed.delete(batch);
    const present = identity;
    void present?.then((known) => {
      if (known === refused && identity === present) identity = undefined;
    });
  }

  async function newIdentity(): Promise<Identity> {
    try {
      const broker = await anyLeader();
      const { producerId, producerEpoch } = await broker.initProducer(null, 60_000);
      return { producerId: BigInt(producerId), producerEpoch, sequences: new Map() };
    } catch (error) {
      identity = undefined;
      throw error;
    }
  }

  async function anyLeader() {
    for (const partition of queues.byPartition.keys()) {
      const leader = partitions.leaderOf(partition);
      if (leader !== undefined) return client.broker(leader);
    }
    return throwKafkaError(5);
  }

  function close(reason: unknown): void {
    failure ??= reason;
    life.abort();
    for (const write of pending) write.fail(failure);
    pending.clear();
  }

  return {
    async write(batch) {
      if (life.signal.aborted) throw failure;
      const write = createPendingWrite(batch.count);
      pending.add(write);
      queues.add(batch, write);
      pump();
      try {
        return await write.done;
      } finally {
        pending.delete(write);
      }
    },
    close,
  };
}

function failsForGood(code: number): boolean {
  return typeOfCode(code).endsWith('_AUTHORIZATION_FAILED');
}

/** As many as one request holds, one at least. */
function within(batches: readonly Outgoing[]): readonly Outgoing[] {
  let bytes = 0;
  return batches.filter(({ builder }, index) => {
    bytes += builder.bytes;
    return index === 0 || bytes <= requestBytes;
  });
}
