import type { NstackError } from '../../core/index.ts';
import type { SinkBatch, Undelivered } from '../connector.ts';
import { createFifo } from './fifo.ts';

/** A batch on its way. */
export interface Write {
  readonly batch: SinkBatch;
  /** Number of its first message, of all that the sink was given. */
  readonly firstNumber: number;
  /** How many of its messages wait for the broker's word, or to be sent. */
  open: number;
  readonly undelivered: Undelivered[];
  readonly resolve: (undelivered: readonly Undelivered[]) => void;
  readonly reject: (error: NstackError) => void;
}

/** One message of a write. */
export interface Outbound {
  readonly write: Write;
  readonly index: number;
}

/** What a sink was given and has not got rid of, in its order; what has to be sent again goes before everything else. */
export interface Outgoing {
  /** Resolves when each message of the batch is settled. */
  add(batch: SinkBatch): Promise<readonly Undelivered[]>;
  /** The next one to be sent; it counts as sent from then on. */
  next(): Outbound | undefined;
  /** Was sent, and has to be sent again. */
  repeat(write: Write, index: number): void;
  /** Puts what has to be sent again in order. */
  sortRepeated(): void;
  /** Confirmed, or, for the reason in `message`, given up. */
  settle(write: Write, index: number, message?: string): void;
  /** Rejects everything. */
  fail(error: NstackError): void;
}

export function createOutgoing(): Outgoing {
  const writes = new Set<Write>();
  /** Batches that are not sent whole yet, and how far the first of them is. */
  let queue: Write[] = [];
  let cursor = 0;
  const again = createFifo<Outbound>();
  let given = 0;

  return {
    add(batch) {
      if (batch.count === 0) return Promise.resolve([]);
      const { promise, resolve, reject } = Promise.withResolvers<readonly Undelivered[]>();
      const write = { batch, firstNumber: given, open: batch.count, undelivered: [], resolve, reject };
      given += batch.count;
      writes.add(write);
      queue.push(write);
      return promise;
    },
    next() {
      const repeated = again.shift();
      if (repeated !== undefined) return repeated;
      const write = queue[0];
      if (write === undefined) return undefined;
      const index = cursor++;
      if (cursor === write.batch.count) {
        queue.shift();
        cursor = 0;
      }
      return { write, index };
    },
    repeat(write, index) {
      again.push({ write, index });
    },
    sortRepeated() {
      const sorted = again.drain().sort((a, b) => numberOf(a) - numberOf(b));
      for (const outbound of sorted) again.push(outbound);
    },
    settle(write, index, message) {
      if (message !== undefined) write.undelivered.push({ index, message, attempts: 1 });
      if (--write.open > 0) return;
      writes.delete(write);
      write.resolve(write.undelivered.sort((a, b) => a.index - b.index));
    },
    fail(error) {
      for (const write of writes) write.reject(error);
      writes.clear();
      queue = [];
      cursor = 0;
      again.drain();
    },
  };
}

/** Of all messages that the sink was given. */
export function numberOf({ write, index }: Outbound): number {
  return write.firstNumber + index;
}
