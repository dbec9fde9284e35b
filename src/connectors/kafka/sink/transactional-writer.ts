import type { SinkBatch, SinkTransaction } from '../../connector.ts';
import { createBackoff } from '../client/backoff.ts';
import { produceRequest } from '../client/data-requests.ts';
import { offsetFetchRequest, txnOffsetCommitRequest } from '../client/group-requests.ts';
import type { KafkaBroker, Transaction } from '../client/kafka-client.ts';
import { errorType, failureKind } from '../client/kafka-failure.ts';
import { throwKafkaError } from '../client/protocol-error.ts';
import type { KafkaPosition } from '../source/claims.ts';
import type { KafkaOrigin } from '../source/kafka-origin.ts';
import { judgeAnswer } from './judge-answer.ts';
import {
  createPendingWrite,
  createQueues,
  type Outgoing,
  type PendingWrite,
  pickOutgoing,
  settle,
} from './outgoing.ts';
import type { ProducerOptions } from './producer.ts';

export interface TransactionalWriter {
  begin(): SinkTransaction;
  /** Gives up what an earlier holder of the transactional id has left open, and shuts that one out; nothing where the open transaction is our own, which ends by itself. */
  shutOut(): Promise<void>;
  close(reason: unknown): void;
}

export interface TransactionsOptions extends ProducerOptions {
  readonly workflow: string;
  readonly life: AbortSignal;
  untilReady(): Promise<void>;
}

export interface TransactionalWriterOptions extends TransactionsOptions {
  readonly transactionalId: string;
  readonly origin: KafkaOrigin;
  readonly sourcePartition: number;
}

/** How long the coordinator leaves a transaction open whose writer is silent. */
const transactionTimeout = 60_000;
const replicaTimeout = 30_000;

/** After these the transaction is over at the coordinator, and is written again from its beginning. */
const restarting = new Set([
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'INVALID_TXN_STATE',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'PRODUCER_FENCED',
]);
/** The membership has changed: perhaps the partition is ours under a new one, perhaps it is not any more. */
const lostMembership = new Set([
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'REBALANCE_IN_PROGRESS',
  'FENCED_INSTANCE_ID',
]);

/** Signals that what was written is void. */
class Restart extends Error {}

/** One transactional id. All that a transaction was given is kept until it has committed, so that it can be written again. */
export function createTransactionalWriter(options: TransactionalWriterOptions): TransactionalWriter {
  const { client, topic, partitions, codec, trouble, transactionalId, origin, sourcePartition, life } =
    options;
  const closed = Promise.withResolvers<never>();
  closed.promise.catch(() => {});
  /** What waits for a broker, to be told when the writer is closed. */
  const waits = new Set<(reason: unknown) => void>();
  let transaction: Transaction | undefined;
  /** What was begun here last and is neither committed nor given up. */
  let open: object | undefined;
  let sequences = new Map<number, number>();
  let coordinator: KafkaBroker | undefined;

  async function coordinatorNow(): Promise<KafkaBroker> {
    coordinator ??= await client.coordinator('transaction', transactionalId);
    return coordinator;
  }

  /** Begins anew as a holder of the transactional id: what an earlier one left open is given up first, and that one is shut out. */
  async function identity(): Promise<Transaction> {
    if (transaction !== undefined) return transaction;
    const made = await (await coordinatorNow()).initProducer(transactionalId, transactionTimeout);
    sequences = new Map();
    transaction = { ...made, transactionalId };
    return transaction;
  }

  /** What the work comes to, or the end of the writer. A race with one lasting promise would keep what every work came to alive as long. */
  function unlessClosed<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      waits.add(reject);
      work.then(resolve, reject).finally(() => waits.delete(reject));
    });
  }

  function close(reason: unknown): void {
    closed.reject(reason);
    for (const reject of waits) reject(reason);
  }

  /** Tries until it works, the writer is closed or waiting heals nothing. `Restart` passes through. */
  async function persist<T>(work: () => Promise<T>): Promise<T> {
    for (const backoff = createBackoff(); ; await backoff.pause(life)) {
      if (life.aborted) return closed.promise;
      try {
        const result = await unlessClosed(work());
        trouble.worked();
        return result;
      } catch (error) {
        if (life.aborted) return closed.promise;
        const type = errorType(error);
        if (error instanceof Restart || (type !== undefined && restarting.has(type))) {
          transaction = undefined;
          throw new Restart(String(type), { cause: error });
        }
        if (failureKind(error) === 'final' && !lostMembership.has(type ?? '')) throw options.toError(error);
        // The markers of the last transaction are still being written: a matter of milliseconds.
        if (type === 'CONCURRENT_TRANSACTIONS') continue;
        if (type !== undefined && lostMembership.has(type)) throw error;
        trouble.failed(error);
        if (failureKind(error) === 'connection' && coordinator !== undefined) client.drop(coordinator.id);
        coordinator = undefined;
        await partitions.look().catch(() => {});
      }
    }
  }

  function begin(): SinkTransaction {
    const queues = createQueues(options);
    open = queues;
    /** What the brokers have taken, in order, and which partitions are part of the transaction. */
    let taken: Outgoing[] = [];
    let joined = new Set<number>();
    let hasOffsets = false;

    function restart(): void {
      for (const [partition, queue] of queues.byPartition)
        queue.unshift(...taken.filter((batch) => batch.partition === partition).map(unsettled));
      taken = [];
      joined = new Set();
      hasOffsets = false;
    }

    /** Sends what waits; written again where the transaction was given up meanwhile. */
    async function sendAll(): Promise<void> {
      for (;;) {
        const first = [...queues.byPartition.values()]
          .map((queue) => queue[0])
          .filter((batch) => batch !== undefined);
        if (first.length === 0) return;
        try {
          await persist(() =>
            send(first.filter((batch) => queues.byPartition.get(batch.partition)?.[0] === batch)),
          );
        } catch (error) {
          if (!(error instanceof Restart)) throw error;
          restart();
        }
      }
    }

    async function send(batches: readonly Outgoing[]): Promise<void> {
      const mine = await identity();
      const fresh = batches.map(({ partition }) => partition).filter((partition) => !joined.has(partition));
      if (fresh.length > 0) {
        await (await coordinatorNow()).addPartitions(mine, topic, fresh);
        for (const partition of fresh) joined.add(partition);
      }
      for (const [leader, led] of Map.groupBy(
        batches,
        ({ partition }) => partitions.leaderOf(partition) ?? -1,
      )) {
        if (leader < 0) throwKafkaError(5);
        await sendTo(leader, led, mine);
      }
    }

    async function sendTo(leader: number, batches: readonly Outgoing[], mine: Transaction): Promise<void> {
      const broker = await client.broker(leader);
      const request = produceRequest({
        topic,
        transactionalId,
        timeout: replicaTimeout,
        batches: batches.map(({ partition, builder }) => ({
          partition,
          records: builder.seal(
            {
              producerId: BigInt(mine.producerId),
              producerEpoch: mine.producerEpoch,
              baseSequence: sequences.get(partition) ?? 0,
              isTransactional: true,
            },
            codec,
          ),
        })),
      });
      const answers = await broker.send(request).catch((error: unknown) => {
        if (failureKind(error) === 'connection') client.drop(leader);
        throw error;
      });
      let trial: number | undefined;
      for (const batch of batches) {
        batch.attempts++;
        const answer = answers.find(({ partition }) => partition === batch.partition);
        if (answer === undefined) throw new RangeError('the broker does not answer for all partitions');
        const verdict = judgeAnswer(batch, answer);
        if (verdict.kind === 'written') {
          sequences.set(
            batch.partition,
            ((sequences.get(batch.partition) ?? 0) + batch.indexes.length) % 2 ** 31,
          );
          queues.replaceFirst(batch, []);
          settle(batch);
          taken.push(batch);
        } else if (verdict.kind === 'split') queues.replaceFirst(batch, verdict.rest);
        else if (verdict.kind === 'identity') throw new Restart(String(answer.errorCode));
        else trial = answer.errorCode;
      }
      if (trial !== undefined) throwKafkaError(trial);
    }

    async function commit(position: KafkaPosition): Promise<boolean> {
      for (;;) {
        try {
          await sendAll();
          if (!(await addPosition(position))) {
            await abort();
            return false;
          }
          if (await end(position)) {
            origin.confirmed(sourcePartition, position);
            return true;
          }
          restart();
        } catch (error) {
          if (!(error instanceof Restart)) throw error;
          if (!origin.owns(sourcePartition, position)) return false;
          restart();
        }
      }
    }

    /** False where the partition is no longer ours. */
    async function addPosition({ offset, leaderEpoch, claim }: KafkaPosition): Promise<boolean> {
      const { group } = origin;
      for (
        const backoff = createBackoff();
        origin.owns(sourcePartition, { offset, leaderEpoch, claim });
        await backoff.pause(life)
      ) {
        if (life.aborted) return closed.promise;
        const membership = origin.membership();
        // Between two memberships: the next assignment tells.
        if (membership === undefined) continue;
        try {
          await persist(async () => {
            const mine = await identity();
            if (!hasOffsets) await (await coordinatorNow()).addOffsets(mine, group);
            hasOffsets = true;
            const keeper = await client.coordinator('group', group);
            const answers = await keeper.send(
              txnOffsetCommitRequest({
                ...mine,
                group,
                topic: origin.topic,
                membership,
                offsets: [{ partition: sourcePartition, offset, leaderEpoch }],
              }),
            );
            for (const { errorCode } of answers) if (errorCode !== 0) throwKafkaError(errorCode);
          });
          return true;
        } catch (error) {
          if (!lostMembership.has(errorType(error) ?? '')) throw error;
        }
      }
      return false;
    }

    /** Whether it has committed. An answer that was lost may have been a yes: the group's own offset tells. */
    async function end({ offset }: KafkaPosition): Promise<boolean> {
      const mine = await identity();
      try {
        await persist(async () => (await coordinatorNow()).endTransaction(mine, 'commit'));
        return true;
      } catch (error) {
        if (!(error instanceof Restart)) throw error;
        const { group } = origin;
        return persist(async () => {
          // Gives up what is open, if it is, so that the offset is final.
          await identity();
          const keeper = await client.coordinator('group', group);
          const [found] = await keeper.send(
            offsetFetchRequest({ group, topic: origin.topic, partitions: [sourcePartition] }),
          );
          if (found === undefined || found.errorCode !== 0) throwKafkaError(found?.errorCode ?? 88);
          return found.offset >= offset;
        });
      }
    }

    async function abort(): Promise<void> {
      const mine = transaction;
      if (mine === undefined || (joined.size === 0 && !hasOffsets)) return;
      try {
        await persist(async () => (await coordinatorNow()).endTransaction(mine, 'abort'));
      } catch (error) {
        // It was given up already.
        if (!(error instanceof Restart)) throw error;
      }
    }

    function over(): void {
      if (open === queues) open = undefined;
    }

    return {
      async write(batch: SinkBatch) {
        const write = createPendingWrite(batch.count);
        queues.add(batch, write);
        await sendAll();
        return write.done;
      },
      commit: (position) => commit(position as KafkaPosition).finally(over),
      abort: () => abort().finally(over),
    };
  }

  async function shutOut(): Promise<void> {
    if (open !== undefined) return;
    transaction = undefined;
    await persist(identity);
  }

  return { begin, shutOut, close };
}

/** For a second time: its messages were settled by the first, which nobody waits for any more. */
function unsettled(batch: Outgoing): Outgoing {
  const ghost: PendingWrite = { left: Number.POSITIVE_INFINITY, undelivered: [], settled() {} };
  return { ...pickOutgoing(batch, () => true), writes: batch.writes.map(() => ghost) };
}
