/**
 * The acknowledgement of one source batch. Every message of the batch is a delivery; each ends in exactly one way, confirmed by the
 * sink or kept as a dead letter, and `settle` says how many just did. When all have, the batch is complete.
 */
export interface Batch {
  readonly position: unknown;
  settle(count: number): void;
}

/** Commits positions in order: a position is handed on once its batch and every batch before it are complete. */
export interface BatchLedger {
  open(count: number, position: unknown): Batch;
  /** Batches that are not complete yet. */
  readonly pending: number;
  /** Resolves when nothing is pending. */
  drained(): Promise<void>;
}

export function createBatchLedger(commit: (position: unknown) => void): BatchLedger {
  const order: { left: number; position: unknown }[] = [];
  let waiting: (() => void)[] = [];

  function advance(): void {
    let last: { position: unknown } | undefined;
    while (order[0]?.left === 0) last = order.shift();
    if (last !== undefined) commit(last.position);
    if (order.length > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  return {
    open(count, position) {
      const entry = { left: count, position };
      order.push(entry);
      if (count === 0) advance();
      return {
        position,
        settle(settled) {
          entry.left -= settled;
          if (entry.left < 0) throw new Error('a delivery was acknowledged twice');
          if (entry.left === 0) advance();
        },
      };
    },
    get pending() {
      return order.length;
    },
    drained: () => (order.length === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
