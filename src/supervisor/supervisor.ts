import type {
  DeadLetterInfo,
  HistoryEntry,
  LogEntry,
  SupervisorEvent,
  TraceRecord,
  WorkflowInfo,
  WorkflowRequest,
} from '../workflow/index.ts';

/**
 * Runs many workflows, each in a data path of its own, and remembers in `stateFolder` what runs, how far it came and what was given up, so that whatever
 * ends this process, the next one goes on. Every method fails with NstackError: `workflow-invalid` with diagnostics where a text is wrong, `workflow-unknown` where there
 * is none of that name, `usage` where the workflow's state does not allow what is asked.
 */
export interface Supervisor {
  /** Checks a workflow and keeps it, without a start. One of that name that runs goes on as it is until it is started again. */
  define(request: WorkflowRequest): Promise<WorkflowInfo>;
  /**
   * Starts a workflow that is known by its name, or defines one and starts it. Resolves when its data path carries messages, and rejects where it cannot. One
   * that was stopped goes on where it stood; one that ended begins anew; one that runs with another text is stopped first, in order.
   */
  start(what: { readonly name: string } | WorkflowRequest): Promise<WorkflowInfo>;
  /** Ends it in order: the source first, then what is on its way, then the sink. `now`: what is on its way goes again at the next start. Resolves when it has ended. */
  stop(name: string, how: { readonly now: boolean }): Promise<WorkflowInfo>;
  /** Nothing more is read until `resume`; what was read is finished. */
  pause(name: string): Promise<WorkflowInfo>;
  resume(name: string): Promise<WorkflowInfo>;
  /** Forgets a workflow that does not run, with its positions, dead letters and log. */
  remove(name: string): Promise<void>;
  list(): readonly WorkflowInfo[];
  get(name: string): WorkflowInfo;
  /** The newest last. */
  history(name: string, most: number): readonly HistoryEntry[];
  /** The last lines of its log, the newest last. */
  logs(name: string, most: number): Promise<readonly LogEntry[]>;
  /** The last batches whose way was noted, the newest last; none where the workflow was not started with `trace`. */
  traces(name: string, most: number): Promise<readonly TraceRecord[]>;
  /** Tells of every change from now on, at most five times a second a workflow; `events` of the present come first. Answers what ends it. */
  watch(listener: (event: SupervisorEvent) => void): () => void;
  readonly deadLetters: DeadLetterDesk;
  /** Stops everything that runs, without forgetting that it did: the next supervisor starts it again. */
  close(how: { readonly now: boolean }): Promise<void>;
}

/** What is done with dead letters that are kept. `ids` undefined: all of the workflow. */
export interface DeadLetterDesk {
  list(
    name: string,
    options: { readonly after?: number; readonly most: number },
  ): Promise<readonly DeadLetterInfo[]>;
  get(name: string, id: number): Promise<DeadLetterInfo>;
  /**
   * Sends them once more to the node that gave them up; the workflow must run. One that arrives is gone from the list, one that fails again is a dead letter
   * again. Resolves when each has ended in one way or the other.
   */
  replay(
    name: string,
    ids: readonly number[] | undefined,
  ): Promise<{ readonly replayed: number; readonly failed: number }>;
  /** Forgets them for good; answers how many. */
  drop(name: string, ids: readonly number[] | undefined): Promise<number>;
}
