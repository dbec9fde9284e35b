import type { RpcError } from '../../bridge/index.ts';

/** A message given up on. */
export interface DeadLetter {
  /** Label of the node that gave it up: a stage's, the source's or the sink's. */
  readonly stage: string;
  readonly error: RpcError;
  readonly attempts: number;
  /** Where the source read it, if that is known. */
  readonly place?: string;
  /** Number of the key that the source gave ({@link SourceBatch.keys}), by which stages keep its order when it goes once more. */
  readonly key?: number;
  /** The message's bytes. Kept as JSON where they are JSON. */
  readonly payload: Uint8Array;
  readonly json: boolean;
}

/** Keeps dead letters. `keep` resolves when the letter is on the disk; the payload is not looked at after the call returns. */
export interface DeadLetterKeeper {
  keep(letter: DeadLetter): Promise<void>;
  /** Letters kept since the start. */
  readonly count: number;
  /** Where they are, for people. */
  readonly where: string;
  close(): Promise<void>;
}

/**
 * What a durable workflow remembers, on the disk, in a file of its own: how far its sources have come, and its dead letters. Calls that come together are written and
 * synced together, in a thread of their own, so that the disk holds nothing else up. What was resolved survives `kill -9` and a power loss.
 */
export interface Journal extends DeadLetterKeeper {
  /** What was committed for a source (by its label), by partition. */
  positions(source: string): Promise<Readonly<Record<string, unknown>>>;
  /** Calls for one partition come in order; only the last of those that wait is written. */
  commit(source: string, partition: string, position: unknown): Promise<void>;
  /** Letters by id, ascending; ids that are not there are left out. */
  letters(ids: readonly number[]): Promise<readonly (DeadLetter & { readonly id: number })[]>;
  /** The same, from the first with an id above `after`: `most`, or fewer where they are large; none where there are no more. */
  page(after: number, most: number): Promise<readonly (DeadLetter & { readonly id: number })[]>;
  /** The highest id that there is, 0 where there is none. */
  lastId(): Promise<number>;
  /** Forgets letters. One that is kept in the same tick goes in the same transaction: a letter that failed again takes the place of the old one. */
  drop(ids: readonly number[]): Promise<void>;
}
