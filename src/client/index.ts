export type {
  BrokenWorkflow,
  ConnectionInfoWords,
  DeadLetterInfo,
  HistoryEntry,
  LogEntry,
  RunRequest,
  ServiceLog,
  SourceProgress,
  StageStatus,
  SupervisorEvent,
  SupervisorInfo,
  TraceRecord,
  WorkflowInfo,
  WorkflowOutcome,
  WorkflowRequest,
  WorkflowState,
  WorkflowStatus,
} from '../workflow/index.ts';
export {
  type ComposedText,
  checkedPlan,
  checkLocalEnds,
  composeText,
  describePlan,
  placesIn,
  planWords,
} from '../workflow/index.ts';
export { type ConnectSupervisorOptions, connectSupervisor } from './connect-supervisor.ts';
export { letterText } from './letter-text.ts';
export { createMeasurer, type Measures } from './measures.ts';
export { type RegisteredWorkflows, registeredWorkflows, workflowsBroken } from './registered-workflows.ts';
export { type RunWorkflowOptions, runWorkflow } from './run-workflow.ts';
export { type StartedSupervisor, type StartSupervisorOptions, startSupervisor } from './start-supervisor.ts';
export type { SupervisorClient } from './supervisor-client.ts';
export { closingLine, count, duration, sum } from './words.ts';
export { workflowRuns } from './workflow-runs.ts';
