import { nameOf, parseWorkflow, type WorkflowRequest } from '../workflow/index.ts';

/** The name that a request gives its workflow: the one it says, else that of its definition, its file or its first service. */
export function workflowName({ name, text, file }: WorkflowRequest): string {
  return name ?? nameOf(parseWorkflow(text, file).tree, file);
}
