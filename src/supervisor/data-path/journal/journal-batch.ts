import type { DeadLetter } from '../journal.ts';

/** What goes in one transaction. It crosses to the worker: payloads in one buffer that is handed over, not copied, the rest as few plain values. */
export interface JournalBatch {
  readonly letters: readonly PackedLetter[];
  /** The letters' payloads, one after the other. */
  readonly payloads: Uint8Array<ArrayBuffer>;
  /** `[source, partition, position as JSON]`, one for each partition. */
  readonly positions: readonly (readonly [string, string, string])[];
  /** Ids of letters that are forgotten. */
  readonly dropped: readonly number[];
}

/** `[at, stage, attempts, place, key, error as JSON, whether the payload is JSON, its length]`. */
export type PackedLetter = readonly [
  number,
  string,
  number,
  string | null,
  number | null,
  string,
  0 | 1,
  number,
];

/** Gathers a batch. */
export interface BatchBuilder {
  keep(letter: DeadLetter): void;
  /** Takes the place of what was said of that partition before. */
  commit(source: string, partition: string, position: unknown): void;
  drop(ids: readonly number[]): void;
  /** Ends the gathering. */
  build(): JournalBatch;
}

const firstSize = 4096;

export function createBatchBuilder(): BatchBuilder {
  const letters: PackedLetter[] = [];
  const positions = new Map<string, readonly [string, string, string]>();
  const dropped: number[] = [];
  let payloads = new Uint8Array(0);
  let used = 0;

  function copyIn(payload: Uint8Array): void {
    const needed = used + payload.length;
    if (needed > payloads.length) {
      const larger = new Uint8Array(Math.max(firstSize, needed, 2 * payloads.length));
      larger.set(payloads.subarray(0, used));
      payloads = larger;
    }
    payloads.set(payload, used);
    used = needed;
  }

  return {
    keep({ stage, error, attempts, place = null, key = null, payload, json }) {
      const packed = [stage, attempts, place, key, JSON.stringify(error), json ? 1 : 0] as const;
      copyIn(payload);
      letters.push([Date.now(), ...packed, payload.length]);
    },
    commit(source, partition, position) {
      const json = JSON.stringify(position);
      if (json === undefined) throw new TypeError(`the position of ${source} is no JSON value`);
      positions.set(`${source.length} ${source}${partition}`, [source, partition, json]);
    },
    drop(ids) {
      for (const id of ids) dropped.push(id);
    },
    build: () => ({
      letters,
      payloads: payloads.subarray(0, used),
      positions: [...positions.values()],
      dropped,
    }),
  };
}
