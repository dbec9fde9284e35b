export type {
  RunRequest,
  ServiceLog,
  SourceProgress,
  StageStatus,
  WorkflowOutcome,
  WorkflowStatus,
} from '../workflow/index.ts';
export { type RunWorkflowOptions, runWorkflow } from './run-workflow.ts';
