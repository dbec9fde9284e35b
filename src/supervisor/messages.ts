import type { ErrorMessage } from '../core/index.ts';
import type { Plan, RetryPolicy, ServiceLog, WorkflowOutcome, WorkflowStatus } from '../workflow/index.ts';
import type { ReplayResult } from './data-path/replay.ts';

/** Everything a data path needs to carry a workflow. Plain JSON, without secrets. */
export interface DataPathJob {
  readonly plan: Plan;
  /** Folder that relative paths start from. */
  readonly folder: string;
  /** At most this many messages. */
  readonly rows?: number;
  readonly retry: RetryPolicy;
  /** The way of every batch is noted; only where there is a folder. */
  readonly trace: boolean;
  /** Absolute path of the connections file; it need not be there. */
  readonly connectionsFile: string;
  /**
   * Where dead letters go, and whether positions are kept: `file` for a run that is whole or not at all, `folder` for a workflow that may be continued,
   * which keeps its journal there.
   */
  readonly keep:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'folder'; readonly path: string };
}

/** From a supervisor to a data path. */
export type DataPathCommand =
  | { readonly kind: 'start'; readonly job: DataPathJob; readonly paused: boolean }
  /** Stop in order: the sources first, then what is on its way, then the sinks. */
  | { readonly kind: 'stop' }
  /** Stop now; what was not confirmed is not. */
  | { readonly kind: 'stop-now' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** Answered by `replayed` with the same number. */
  | { readonly kind: 'replay'; readonly number: number; readonly ids: readonly number[] | undefined };

/** The way back. `ended` or `failed` is the last. */
export type DataPathEvent =
  /** Every instance is there, and the sources are read. */
  | { readonly kind: 'running' }
  | { readonly kind: 'status'; readonly status: WorkflowStatus }
  | { readonly kind: 'log'; readonly log: ServiceLog }
  | {
      readonly kind: 'replayed';
      readonly number: number;
      readonly answer: ReplayResult | { readonly error: ErrorMessage };
    }
  | { readonly kind: 'ended'; readonly outcome: WorkflowOutcome }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };
