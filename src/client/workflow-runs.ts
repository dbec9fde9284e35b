export { workflowRuns } from '../workflow/workflow-runs.ts';
