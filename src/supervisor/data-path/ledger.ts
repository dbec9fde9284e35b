import type { Trace, Tracer } from './trace.ts';

/** What became of a delivery: a sink confirmed it, it is kept as a dead letter, or it has no successor (a missing optional, an empty list). */
export type Ending = 'confirmed' | 'dead' | 'dropped';

/**
 * The acknowledgement of one source batch. Every message of the batch is a delivery; each ends in exactly one way, and `settle` says how many just did.
 * A message that becomes several is complete when all of those are: `split` says how many more there are, before any of them can end. When nothing is left, the
 * batch is complete.
 */
export interface Batch {
  /** Order is kept among batches of one sequence. */
  readonly sequence: Sequence;
  /** Where its way is noted, if it is. */
  readonly trace?: Trace;
  readonly position: unknown;
  /** Deliveries that have not ended. */
  readonly left: number;
  settle(count: number, how: Ending): void;
  split(more: number): void;
  /** Calls back after each time that deliveries have ended. */
  watch(onSettled: () => void): void;
}

/** A partition of a source, told from others by identity. */
export interface Sequence {
  readonly partition: string;
}

/** Deliveries of a workflow, by what became of them. */
export interface Book {
  /** Read from sources. */
  read: number;
  /** Made by splitting, beyond those read. */
  split: number;
  confirmed: number;
  dead: number;
  dropped: number;
}

/** The batches of one source. Positions are committed in order: one is handed on once its batch and every batch of its partition before it are complete. */
export interface Ledger {
  open(count: number, position: unknown, partition: string): Batch;
  /** Deliveries that have not ended. */
  readonly pending: number;
  /** Resolves when nothing is pending. */
  drained(): Promise<void>;
}

export function createBook(): Book {
  return { read: 0, split: 0, confirmed: 0, dead: 0, dropped: 0 };
}

/** What a ledger tells others of, besides positions. */
export interface LedgerWatchers {
  /** A batch is complete; it took so long. */
  onComplete?(milliseconds: number, messages: number): void;
  readonly tracer?: Tracer;
}

interface Entry {
  left: number;
  readonly position: unknown;
}

export function createLedger(
  book: Book,
  commit: (position: unknown, partition: string) => void,
  { onComplete, tracer }: LedgerWatchers = {},
): Ledger {
  const partitions = new Map<string, { readonly sequence: Sequence; readonly order: Entry[] }>();
  let open = 0;
  let pending = 0;
  let waiting: (() => void)[] = [];

  function partitionOf(name: string) {
    const known = partitions.get(name) ?? { sequence: { partition: name }, order: [] };
    partitions.set(name, known);
    return known;
  }

  function advance(order: Entry[], partition: string): void {
    let last: Entry | undefined;
    while (order[0]?.left === 0) {
      last = order.shift();
      open--;
    }
    if (last !== undefined) commit(last.position, partition);
    if (open > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  return {
    open(count, position, partition) {
      const { sequence, order } = partitionOf(partition);
      const entry: Entry = { left: count, position };
      order.push(entry);
      open++;
      pending += count;
      book.read += count;
      if (count === 0) advance(order, partition);
      const began = onComplete === undefined ? 0 : performance.now();
      const traced = tracer?.begin({ count, position, partition });
      let watcher: (() => void) | undefined;
      return {
        sequence,
        position,
        get left() {
          return entry.left;
        },
        watch(onSettled) {
          watcher = onSettled;
        },
        ...(traced === undefined ? {} : { trace: traced.trace }),
        settle(settled, how) {
          entry.left -= settled;
          pending -= settled;
          book[how] += settled;
          if (entry.left < 0) throw new Error('a delivery was acknowledged twice');
          watcher?.();
          if (entry.left > 0 || settled === 0) return;
          onComplete?.(performance.now() - began, count);
          traced?.complete();
          advance(order, partition);
        },
        split(more) {
          if (entry.left === 0) throw new Error('a delivery was split after its end');
          entry.left += more;
          pending += more;
          book.split += more;
        },
      };
    },
    get pending() {
      return pending;
    },
    drained: () => (open === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
