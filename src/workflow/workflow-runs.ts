import type { WorkflowState } from './supervisor-words.ts';

/** Whether something is carried, or will be without anyone's doing, in that state. */
export function workflowRuns(state: WorkflowState): boolean {
  switch (state) {
    case 'starting':
    case 'running':
    case 'paused':
    case 'stopping':
    case 'restarting':
      return true;
    case 'defined':
    case 'stopped':
    case 'ended':
    case 'failed':
      return false;
    default:
      return state satisfies never;
  }
}
