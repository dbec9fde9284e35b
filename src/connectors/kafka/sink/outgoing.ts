import type { SinkBatch, Undelivered } from '../../connector.ts';
import { type BatchBuilder, createBatchBuilder } from '../records/batch-builder.ts';

/** One `write` on its way: it is settled when each of its messages is, by the broker or by having been given up. */
export interface PendingWrite {
  /** Messages that are not settled yet. */
  left: number;
  readonly undelivered: Undelivered[];
  settled(): void;
}

/** Records for one partition that go to the broker as one batch. */
export interface Outgoing {
  readonly partition: number;
  builder: BatchBuilder;
  /** Which message of which write each record is. */
  readonly writes: PendingWrite[];
  readonly indexes: number[];
  attempts: number;
  /** Nothing is added to it any more: it was sent at least once. */
  isSealed: boolean;
}

/** A batch that has as many bytes is full; brokers take a MiB by default. */
export const fullBatch = 512 * 1024;

/** Decides which partition a message goes to. */
export interface Partitioner {
  /** By its key. */
  ofKey(key: Uint8Array): number;
  /** Where messages without a key go for now, and how many bytes of them there were. */
  ofNone(bytes: number): number;
}

export interface OutgoingQueues {
  readonly byPartition: ReadonlyMap<number, Outgoing[]>;
  add(batch: SinkBatch, write: PendingWrite): void;
  /** Puts in place of a batch, which is the first of its queue, what is left of it. */
  replaceFirst(batch: Outgoing, by: readonly Outgoing[]): void;
}

export interface QueueOptions {
  readonly partitioner: Partitioner;
  readonly toKey: ((message: Buffer) => Buffer | undefined) | undefined;
  /** Undefined: values are the messages as they stand. */
  readonly toValue: ((message: Buffer) => Buffer | undefined) | undefined;
  readonly headers: Buffer;
}

/** Messages that wait for the broker, encoded as batches, by partition. */
export function createQueues({ partitioner, toKey, toValue, headers }: QueueOptions): OutgoingQueues {
  const byPartition = new Map<number, Outgoing[]>();

  function openBatch(partition: number, more: number): Outgoing {
    const queue = byPartition.get(partition) ?? [];
    byPartition.set(partition, queue);
    const last = queue.at(-1);
    if (last !== undefined && !last.isSealed && last.builder.bytes + more <= fullBatch) return last;
    const made: Outgoing = {
      partition,
      builder: createBatchBuilder(headers, Math.min(fullBatch, Math.max(16 * 1024, more))),
      writes: [],
      indexes: [],
      attempts: 0,
      isSealed: false,
    };
    queue.push(made);
    return made;
  }

  return {
    byPartition,
    add({ items, count, starts, ends }, write) {
      const bytes = Buffer.from(items.buffer, items.byteOffset, items.length);
      for (let index = 0; index < count; index++) {
        const start = starts[index] as number;
        const end = ends[index] as number;
        let to: Outgoing;
        if (toKey === undefined && toValue === undefined) {
          to = openBatch(partitioner.ofNone(end - start), end - start);
          to.builder.addValue(bytes, start, end);
        } else {
          const message = bytes.subarray(start, end);
          const key = toKey?.(message);
          const value = toValue === undefined ? message : toValue(message);
          const size = (key?.length ?? 0) + (value?.length ?? 0);
          to = openBatch(key === undefined ? partitioner.ofNone(size) : partitioner.ofKey(key), size);
          to.builder.add(key, value);
        }
        to.writes.push(write);
        to.indexes.push(index);
      }
    },
    replaceFirst({ partition }, by) {
      byPartition.get(partition)?.splice(0, 1, ...by);
    },
  };
}

/** The records of a batch of which `keeps` says yes, as a batch to be sent anew. */
export function pickOutgoing(batch: Outgoing, keeps: (index: number) => boolean): Outgoing {
  return {
    partition: batch.partition,
    builder: batch.builder.pick(keeps),
    writes: batch.writes.filter((_, index) => keeps(index)),
    indexes: batch.indexes.filter((_, index) => keeps(index)),
    attempts: batch.attempts,
    isSealed: true,
  };
}

/** All records of the batch are settled: delivered, or given up for the reason. */
export function settle({ writes, indexes, attempts }: Outgoing, reason?: string): void {
  for (const [at, write] of writes.entries()) {
    if (reason !== undefined)
      write.undelivered.push({ index: indexes[at] as number, message: reason, attempts });
    if (--write.left === 0) write.settled();
  }
}

/** A write of so many messages; `done` resolves with those that were given up on, in order. */
export function createPendingWrite(
  count: number,
): PendingWrite & { readonly done: Promise<readonly Undelivered[]>; fail(error: unknown): void } {
  const { promise, resolve, reject } = Promise.withResolvers<readonly Undelivered[]>();
  const undelivered: Undelivered[] = [];
  if (count === 0) resolve(undelivered);
  return {
    left: count,
    undelivered,
    settled: () => resolve(undelivered.sort((a, b) => a.index - b.index)),
    done: promise,
    fail: reject,
  };
}
