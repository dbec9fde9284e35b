import type { ErrorMessage } from '../core/index.ts';
import type { RetryPolicy } from './retry-policy.ts';
import type { ServiceLog, WorkflowOutcome, WorkflowStatus } from './status.ts';

/*
 * What a client and a supervisor say to each other. The words are plain JSON; src/gateway carries them over HTTP, and docs/supervisor-api.md lists the calls.
 */

/** A text that names or is a workflow, and what its messages may need. */
export interface WorkflowRequest {
  /** Name it gets; left out: that of the definition in the text, else that of its file, else of its first service. */
  readonly name?: string;
  readonly text: string;
  /** Where the text is from, for messages. */
  readonly file: string;
  /** Absolute folder that relative paths start from. */
  readonly folder: string;
  readonly retry?: Partial<RetryPolicy>;
  /** The way of every batch is noted, for `nstack trace`. */
  readonly trace?: boolean;
}

/**
 * `defined`: known and never started. `restarting`: its data path ended by a fault and is started again after a pause. `ended`: its source did.
 * `stopped`: someone stopped it; a start goes on where it stood. `failed`: what is wrong does not heal by itself.
 */
export type WorkflowState =
  | 'defined'
  | 'starting'
  | 'running'
  | 'paused'
  | 'stopping'
  | 'stopped'
  | 'restarting'
  | 'ended'
  | 'failed';

export interface WorkflowInfo {
  readonly name: string;
  /** Counts from 1; a changed text is a new version. */
  readonly version: number;
  readonly text: string;
  readonly state: WorkflowState;
  /** ISO 8601: when it came into that state. */
  readonly since: string;
  /** How often its data path was started again after a fault, since it was started. */
  readonly restarts: number;
  /** The fault, where there was one since the start. */
  readonly error?: ErrorMessage;
  /** The last that its data path said; missing where it does not run. */
  readonly status?: WorkflowStatus;
  /** How its last run ended. */
  readonly outcome?: WorkflowOutcome;
  /** Dead letters that are kept. */
  readonly deadLetters: number;
}

/** Something that happened to a workflow. */
export interface HistoryEntry {
  readonly at: string;
  readonly workflow: string;
  readonly version: number;
  readonly event: WorkflowState | 'crashed' | 'replaced' | 'removed';
  readonly detail: string;
}

export interface LogEntry extends ServiceLog {
  readonly at: string;
  readonly workflow: string;
}

/** The way of one batch of a source, noted where a workflow is started with `trace`. Times are milliseconds since the batch was read. */
export interface TraceRecord {
  /** ISO 8601: when the batch was read. */
  readonly at: string;
  readonly source: string;
  readonly partition: string;
  readonly position: unknown;
  /** Messages of the batch, those that did not fit among them. */
  readonly count: number;
  readonly nodes: readonly NodePassage[];
  /** When the last of its deliveries ended. */
  readonly milliseconds: number;
}

/** Batches pass a stage in blocks, so that there is a first and a last moment. */
export interface NodePassage {
  /** Label of the node. */
  readonly node: string;
  readonly in: number;
  readonly firstIn: number;
  readonly out: number;
  readonly lastOut: number;
}

/** A dead letter as a list shows it. */
export interface DeadLetterInfo {
  /** Unique in its workflow, and ascending. */
  readonly id: number;
  readonly workflow: string;
  readonly at: string;
  /** Label of the node that gave it up. */
  readonly stage: string;
  readonly attempts: number;
  readonly place?: string;
  readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
  /** The message's bytes as text where they are JSON, else in base64. */
  readonly message: { readonly json: string } | { readonly base64: string };
}

/** A connection as a list shows it: nothing in it is secret. */
export interface ConnectionInfoWords {
  readonly name: string;
  readonly system: string;
  /** Settings, with references in place of secrets. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** `file:line` of its entry. */
  readonly place: string;
}

export interface SupervisorInfo {
  readonly version: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly started: string;
  readonly stateFolder: string;
  readonly connectionsFile?: string;
  /** Where it listens: `unix:/run/...`, `http://127.0.0.1:7700`. */
  readonly listens: readonly string[];
  readonly workflows: number;
  readonly running: number;
  /** Bytes resident, and CPU seconds since the start, of the supervisor alone. */
  readonly memory: number;
  readonly cpuSeconds: number;
}

/** What a watcher is told, one JSON a line. The first events give the present state of every workflow. */
export type SupervisorEvent =
  | { readonly kind: 'workflow'; readonly workflow: WorkflowInfo }
  | { readonly kind: 'removed'; readonly name: string }
  | { readonly kind: 'log'; readonly entry: LogEntry };

/** What the supervisor's program says, once, over the IPC channel to whoever started it. */
export type SupervisorGreeting =
  | { readonly kind: 'ready'; readonly info: SupervisorInfo }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };
