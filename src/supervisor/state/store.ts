import type { ErrorMessage } from '../../core/index.ts';
import type {
  HistoryEntry,
  Plan,
  WorkflowOutcome,
  WorkflowRequest,
  WorkflowState,
} from '../../workflow/index.ts';

/**
 * What the supervisor remembers of its workflows, in `supervisor.db`. Each call is on the disk when it returns; it throws NstackError where the disk refuses, and then
 * nothing of it has happened. A call costs a sync of the disk (some milliseconds on some): calls that belong together go through `together`.
 */
export interface Store {
  /** By name. */
  workflows(): readonly StoredWorkflow[];
  workflow(name: string): StoredWorkflow | undefined;
  /** Any of its versions. */
  version(name: string, version: number): StoredVersion | undefined;
  /**
   * Keeps a request as the newest version, and makes the workflow (`defined`, `stopped` wanted) where there is none. One that says the same as the newest is no new
   * version; where a text is from (`file`) does not count, and is kept as it was said last. Answers the version.
   */
  saveVersion(name: string, request: WorkflowRequest): number;
  savePlan(name: string, version: number, plan: Plan): void;
  /** What the next supervisor does with it, and with which version of it. */
  setWanted(name: string, wanted: Wanted, version: number): void;
  /** What is left out stays, and null takes it away. `since` moves where the state is another. */
  setState(name: string, change: StateChange): void;
  /** The newest last; the newest 1,000 of a workflow are kept. */
  history(name: string, most: number): readonly HistoryEntry[];
  addHistory(entry: Omit<HistoryEntry, 'at'>): HistoryEntry;
  /** Forgets a workflow, but for its history; its folder is another's matter. */
  remove(name: string): void;
  /** All that `work` does in one transaction: all of it, or, where it throws, nothing. */
  together<T>(work: () => T): T;
  /** Gives the state folder free. */
  close(): void;
}

/** What someone asked for last, whatever state the workflow is in meanwhile. */
export type Wanted = 'running' | 'paused' | 'stopped';

export interface StoredWorkflow {
  readonly name: string;
  /** The newest. */
  readonly version: number;
  readonly request: WorkflowRequest;
  readonly plan?: Plan;
  readonly wanted: Wanted;
  /** The version that is wanted so: the newest may not have been started yet. */
  readonly wantedVersion: number;
  readonly state: WorkflowState;
  /** ISO 8601. */
  readonly since: string;
  readonly restarts: number;
  readonly error?: ErrorMessage;
  readonly outcome?: WorkflowOutcome;
}

export interface StoredVersion {
  readonly workflow: string;
  readonly version: number;
  /** ISO 8601. */
  readonly created: string;
  readonly request: WorkflowRequest;
  readonly plan?: Plan;
}

export interface StateChange {
  readonly state?: WorkflowState;
  readonly restarts?: number;
  readonly error?: ErrorMessage | null;
  readonly outcome?: WorkflowOutcome | null;
}
