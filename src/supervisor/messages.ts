import type { Plan, RunRequest, WorkflowCommand, WorkflowEvent } from '../workflow/index.ts';

export type { WorkflowEvent };

/** From the supervisor to a data path; the way back is {@link WorkflowEvent}. */
export type DataPathCommand =
  | { readonly kind: 'start'; readonly plan: Plan; readonly request: RunRequest }
  | Exclude<WorkflowCommand, { readonly kind: 'run' }>;
