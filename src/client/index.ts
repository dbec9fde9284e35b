export type {
  RunRequest,
  ServiceLog,
  SourceProgress,
  StageStatus,
  WorkflowOutcome,
  WorkflowStatus,
} from '../workflow/index.ts';
export { createMeasurer, type Measures } from './measures.ts';
export { type RunWorkflowOptions, runWorkflow } from './run-workflow.ts';
export { closingLine, count, duration, sum } from './words.ts';
