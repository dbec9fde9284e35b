import type { LogEntry, Plan, WorkflowInfo, WorkflowRequest } from '../workflow/index.ts';
import type { DataPathEvent, DataPathJob } from './messages.ts';
import type { DataPath } from './start-data-path.ts';
import type { Store } from './state/store.ts';

/** What one workflow needs of the supervisor around it. */
export interface WorkflowSurroundings {
  readonly store: Store;
  /** Checks the text against what there is now. */
  plan(request: WorkflowRequest, name: string): Promise<Plan>;
  job(name: string, request: WorkflowRequest, plan: Plan): Promise<DataPathJob>;
  /** Starts a data path once no other carries the workflow. */
  startDataPath(name: string, onEvent: (event: DataPathEvent) => void): Promise<DataPath>;
  /** Removes the instances that a data path left behind. */
  sweep(): Promise<void>;
  deadLetters(name: string): number;
  /** Asks for what has changed only where somebody watches. */
  changed(info: () => WorkflowInfo): void;
  logged(entry: LogEntry): void;
}
