import type { Type } from '../types/index.ts';

/**
 * Some messages of a source, in order. `items` are the payloads as JSON, each already valid for the source's type, joined by commas
 * without brackets, in pieces that need not end at an element; payload bytes are those that came in. The batch owns its bytes.
 */
export interface SourceBatch {
  readonly items: readonly Uint8Array[];
  readonly count: number;
  /** The keys of the messages, where the system has such and {@link OpenContext.keys} asks for them: {@link keyHash} of each one's bytes, 0 for one without. */
  readonly keys?: Int32Array;
  /** Messages that do not fit, as they came; they become dead letters. */
  readonly rejected: readonly Rejected[];
  /** The sequence of the source that the batch belongs to, such as a Kafka partition. Order is kept within one. Left out where there is only one. */
  readonly partition?: string;
  /** Where that partition stands after this batch; given back to `commit`. Plain JSON. */
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
 * only. `commit(position, partition)` says that everything of that partition up to that position is confirmed by every sink (or is a dead letter on
 * disk); positions of one partition come in order. A system that is away for a while is the source's matter: it connects again, with growing pauses, and
 * says so by `log`. Batches end after the last message; a failure that waiting does not heal throws NstackError. `close` frees everything and may be called
 * at any time, twice; commits that came before it are carried out.
 */
export interface Source {
  /** Called once. An abort, like `close`, ends the batches without an error, also while a batch is waited for. Commits still come after an abort. */
  read(signal: AbortSignal): AsyncIterable<SourceBatch>;
  commit(position: unknown, partition: string): Promise<void>;
  close(): Promise<void>;
  /** How far it is, for progress: in messages or bytes, with the total where it is known. */
  progress(): {
    readonly unit: 'messages' | 'bytes';
    readonly done: number;
    readonly total: number | undefined;
    /** Messages that wait in the system and were not read yet, where that is known. */
    readonly lag?: number;
  };
  /** What a sink of the same system needs to confirm this source's positions in transactions of its own ({@link SinkTransactions}); opaque to everyone else. */
  readonly origin?: unknown;
}

/** Results on their way out: a JSON array with brackets, and the bounds of each element in it. */
export interface SinkBatch {
  readonly items: Uint8Array;
  readonly count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** A message that the sink gave up on, such as one that the system says no to for good. */
export interface Undelivered {
  /** Within the batch; in order. */
  readonly index: number;
  readonly message: string;
  readonly attempts: number;
}

/**
 * A sink. `write` resolves when the batch is confirmed by this sink's own guarantee, with the messages that it gave up on, which become dead letters;
 * a second `write` may be called before the first resolves, and order is kept. The batch's bytes are the sink's until then. A system that is away for a
 * while is the sink's matter: it connects and sends again, with growing pauses, and says so by `log`; `write` rejects with NstackError where waiting heals nothing, or once
 * the sink is abandoned. `finish` makes the output whole (a file is renamed to its name) after all writes; `abandon` leaves no half output behind. One of the
 * two is called, once, last.
 */
export interface Sink {
  write(batch: SinkBatch): Promise<readonly Undelivered[]>;
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
  /** Exactly once, where the system can do it and the sink was asked for it; `write` is then not called. */
  readonly transactions?: SinkTransactions;
}

/**
 * Results and the position of the source that they come from, confirmed as one. For each partition of the source there is one transaction at a time: `begin`, any number
 * of `write`s with all the results of whole source batches, in order, then `commit` with the position behind the last of them, or `abort`. Transactions of
 * different partitions are independent and may overlap.
 */
export interface SinkTransactions {
  /** Throws NstackError where the origin ({@link Source.origin}) is none that this sink can confirm: another system, or another cluster. Called once, first. */
  check(origin: unknown): Promise<void>;
  /**
   * Whether the batch behind `next` may go in the transaction of the one behind `before`, which came first. Not where the partition went to somebody else between the two and
   * came back: its messages were then read again. Left out: it always may.
   */
  continues?(before: unknown, next: unknown): boolean;
  begin(origin: unknown, partition: string): Promise<SinkTransaction>;
}

/** A system that is away for a while is the sink's matter, as in {@link Sink}. */
export interface SinkTransaction {
  /** Resolves when the system has taken the batch (nobody sees it yet), with what it gave up on; those must be dead letters on disk before `commit`. */
  write(batch: SinkBatch): Promise<readonly Undelivered[]>;
  /**
   * True: results and position are confirmed, and the source's `commit` is not to be called for them. False: the partition belongs to somebody else by now, who gets
   * its messages again; nobody will ever see what was written here.
   */
  commit(position: unknown): Promise<boolean>;
  /** Nobody will ever see what was written. */
  abort(): Promise<void>;
}

/** What a system offers. `parameters` were checked against `schema` by the workflow, before anything starts. */
export interface Connector {
  readonly name: string;
  /** Names ignore case; these name it too. */
  readonly aliases: readonly string[];
  /** What a connection to the system is made of; missing where it needs none. */
  readonly connection?: ConnectionInfo;
  /** JSON Schema of its parameters; the short form `name/path` sets the one called `short`. */
  readonly source?: {
    readonly schema: object;
    readonly short: string;
    /**
     * Who remembers how far a workflow has come: the `system` itself (a broker), `nstack`, which keeps what was committed and gives it back as
     * `positions`, or `nobody`: what was read is gone (a pipe).
     */
    readonly remembers: 'system' | 'nstack' | 'nobody';
    open(context: OpenContext): Promise<Source>;
    /** Faults known before the start: a missing file, ... */
    check(context: OpenContext): Promise<void>;
  };
  readonly sink?: {
    readonly schema: object;
    readonly short: string;
    open(context: OpenContext): Promise<Sink>;
    check(context: OpenContext): Promise<void>;
  };
}

/** The part of a system that one file an environment describes: where it is, and who we are to it. */
export interface ConnectionInfo {
  /**
   * JSON Schema of the settings. A setting (at any depth) whose schema has `secret: true` holds a credential: the file refers to it (`{env: NAME}`,
   * `{file: path}`, `{command: [...]}`) and never holds it.
   */
  readonly schema: object;
  /** Connects, looks around, and answers in one line what is there. Fails with NstackError that says what is wrong. */
  test(connection: Connection, signal: AbortSignal): Promise<string>;
}

/** A named connection, its secrets in their places. Lives in the process that uses it, and is never printed or stored. */
export interface Connection {
  readonly name: string;
  /** Canonical name of the connector. */
  readonly system: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The secrets among the settings, so that logs can be kept free of them. */
  readonly secrets: readonly string[];
}

export type Format = 'text' | 'json' | 'bytes';

export interface OpenContext {
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What the first stage takes, or the last one gives. */
  readonly type: Type;
  readonly format: Format;
  /** Folder that relative paths start from. */
  readonly folder: string;
  /** Largest message in bytes. */
  readonly messageLimit: number;
  /** Name of the workflow: consumer groups and client ids derive from it. */
  readonly workflow: string;
  /**
   * True where the workflow may be stopped and continued, also by a crash: what the sink confirms must then be durable, and what is there of an
   * earlier run is continued. False for `nstack run`, whose output is whole or not at all.
   */
  readonly durable: boolean;
  /** The connection, where the connector has such and one is configured. */
  readonly connection?: Connection;
  /** For a source that nstack remembers: what was committed, by partition. */
  readonly positions?: Readonly<Record<string, unknown>>;
  /** A folder of the workflow's own that outlives its processes; only where `durable`. */
  readonly stateFolder?: string;
  /** Number of the workflow's node that it is, the same for each start of one definition. */
  readonly node?: number;
  /** For a source: whether the workflow asks for the messages' keys. */
  readonly keys?: boolean;
  /** At most this many messages, those that do not fit among them; undefined: all. */
  readonly rows?: number;
  /** Prints one line for people, without a line feed; undefined: to stderr. */
  readonly log?: (line: string) => void;
}
