import type { Type } from '../types/index.ts';

/**
 * Some messages of a source, in order. `items` are the payloads as JSON, each already valid for the source's type, joined by commas
 * without brackets, in pieces that need not end at an element; payload bytes are those that came in. The batch owns its bytes.
 */
export interface SourceBatch {
  readonly items: readonly Uint8Array[];
  readonly count: number;
  /** Messages that do not fit, as they came; they become dead letters. */
  readonly rejected: readonly Rejected[];
  /** Where the source stands after this batch; given back to `commit`. Plain JSON. */
  readonly position: unknown;
}

export interface Rejected {
  readonly payload: Uint8Array;
  readonly message: string;
  /** Where it was: `flights.ndjson:1043`. */
  readonly place: string;
  /** How many good messages of this batch came before it. */
  readonly after: number;
}

/**
 * A source. The consumer pulls batches one at a time; not pulling is back pressure, and the source may read ahead by a bounded amount
 * only. `commit(position)` says that everything up to that position is confirmed by every sink (or is a dead letter on disk).
 * Batches end after the last message; a failure throws NstackError. `close` frees everything and may be called at any time, twice.
 */
export interface Source {
  /** Called once. An abort, like `close`, ends the batches without an error, also while a batch is waited for. */
  read(signal: AbortSignal): AsyncIterable<SourceBatch>;
  commit(position: unknown): Promise<void>;
  close(): Promise<void>;
  /** How far it is, for progress: in messages or bytes, with the total where it is known. */
  progress(): {
    readonly unit: 'messages' | 'bytes';
    readonly done: number;
    readonly total: number | undefined;
  };
}

/** Results on their way out: a JSON array with brackets, and the bounds of each element in it. */
export interface SinkBatch {
  readonly items: Uint8Array;
  readonly count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/**
 * A sink. `write` resolves when the batch is taken as confirmed by this sink's own guarantee; a second `write` may be called before the
 * first resolves, and order is kept. The batch's bytes are the sink's until then. `finish` makes the output whole (a file is renamed to its name) after all
 * writes; `abandon` leaves no half output behind. One of the two is called, once, last.
 */
export interface Sink {
  write(batch: SinkBatch): Promise<void>;
  /** `stopped`: the run was ended before its source was; a file then keeps the name `<name>.partial`, so that no whole result is replaced by a part. */
  finish(how: 'complete' | 'stopped'): Promise<void>;
  abandon(): Promise<void>;
  /** For the closing line: `examples/flights/out/scored.ndjson`. */
  readonly where: string;
  /**
   * Resolves when whoever reads the output wants no more of it (a closed pipe): the workflow then stops in order, without an error, and
   * what is written from then on is confirmed and dropped.
   */
  readonly enough?: Promise<void>;
}

export type Format = 'text' | 'json' | 'bytes';

/** What a system offers. `parameters` were checked against `schema` by the workflow, before anything starts. */
export interface Connector {
  readonly name: string;
  /** Names ignore case; these name it too. */
  readonly aliases: readonly string[];
  /** JSON Schema of its parameters; the short form `name/path` sets the one called `short`. */
  readonly source?: {
    readonly schema: object;
    readonly short: string;
    open(context: OpenContext): Promise<Source> /** Faults known before the start: a missing file, ... */;
    check(context: OpenContext): Promise<void>;
  };
  readonly sink?: {
    readonly schema: object;
    readonly short: string;
    open(context: OpenContext): Promise<Sink>;
    check(context: OpenContext): Promise<void>;
  };
}

export interface OpenContext {
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What the first stage takes, or the last one gives. */
  readonly type: Type;
  readonly format: Format;
  /** Folder that relative paths start from. */
  readonly folder: string;
  /** Largest message in bytes. */
  readonly messageLimit: number;
  /** At most this many messages, those that do not fit among them; undefined: all. */
  readonly rows?: number;
  /** Prints one line for people, without a line feed; undefined: to stderr. */
  readonly log?: (line: string) => void;
}
