import type { ErrorMessage } from '../core/index.ts';
import type { PolicyFile } from '../registry/index.ts';

/** Where a running workflow stands. Plain JSON: it crosses from the data path to the supervisor and on to whoever watches. */
export interface WorkflowStatus {
  readonly phase: 'starting' | 'running' | 'paused' | 'draining' | 'ended';
  /** Milliseconds since the first message was read. */
  readonly elapsed: number;
  readonly sources: readonly SourceStatus[];
  readonly stages: readonly StageStatus[];
  readonly sinks: readonly SinkStatus[];
  readonly deadLetters: number;
  /** Messages that were read and are neither confirmed nor dead letters yet. */
  readonly pending: number;
  /** Milliseconds that messages took from their source to their end, over the last seconds: half of them, and all but one in a hundred, at most. */
  readonly latency?: { readonly p50: number; readonly p99: number };
}

export interface SourceStatus {
  readonly label: string;
  readonly in: number;
  readonly progress: SourceProgress;
}

export interface SinkStatus {
  readonly label: string;
  readonly out: number;
}

export interface SourceProgress {
  readonly unit: 'messages' | 'bytes';
  readonly done: number;
  readonly total?: number;
  /** Messages that wait in the source's system. */
  readonly lag?: number;
}

export interface StageStatus {
  readonly label: string;
  readonly in: number;
  readonly out: number;
  readonly dead: number;
  readonly retries: number;
  /** Instances that were lost and replaced. */
  readonly replaced: number;
  /** Messages that wait in front of the stage. */
  readonly waiting: number;
}

/** How a workflow ended. `in` is counted at the source, `out` at the sink's confirmation, apart from each other. */
export interface WorkflowOutcome {
  readonly how: 'complete' | 'stopped';
  readonly in: number;
  readonly out: number;
  readonly deadLetters: number;
  /** Messages that were read and are neither confirmed nor dead letters. */
  readonly lost: number;
  readonly milliseconds: number;
  readonly where: string;
  readonly deadLetterFile?: string;
  /** What the data path itself used: CPU seconds, and its largest resident memory in bytes. */
  readonly hub?: { readonly cpuSeconds: number; readonly peakMemory: number };
}

/** What `nstack run` asks for. */
export interface RunRequest {
  /** Workflow text. */
  readonly text: string;
  /** Where the text is from, for messages. */
  readonly file: string;
  /** Absolute folder that relative paths start from. */
  readonly folder: string;
  /** At most this many messages. */
  readonly rows?: number;
  /** How often a message is tried in all. */
  readonly attempts: number;
  /** Absolute path of the dead letter file; made when the first dead letter comes. */
  readonly deadLetterFile: string;
  /** Absolute path of the connections file; left out: the usual one. */
  readonly connectionsFile?: string;
  /** Who must have signed what runs; left out: the usual policy. */
  readonly policy?: PolicyFile;
}

export interface ServiceLog {
  readonly stage: string;
  readonly level: 'print' | 'debug' | 'info' | 'warn' | 'error' | 'critical';
  readonly message: string;
}

/** From a client to the private supervisor of a run. */
export type WorkflowCommand =
  | { readonly kind: 'run'; readonly request: RunRequest }
  /** Stop in order: the source first, then what is on its way, then the sink. */
  | { readonly kind: 'stop' }
  /** Stop now; what was not confirmed is not. */
  | { readonly kind: 'stop-now' };

/** The way back. `ended` or `failed` is the last. */
export type WorkflowEvent =
  | { readonly kind: 'status'; readonly status: WorkflowStatus }
  | { readonly kind: 'log'; readonly log: ServiceLog }
  | { readonly kind: 'ended'; readonly outcome: WorkflowOutcome }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };
