import { basename, extname } from 'node:path';
import { nameOf, parseWorkflow, type WorkflowRequest } from '../workflow/index.ts';

/** The name that a request gives its workflow: the one it says, else that of its definition, its file or its first service. */
export function workflowName(request: WorkflowRequest): string {
  if (request.name !== undefined) return request.name;
  const { tree } = parseWorkflow(request.text, request.file);
  const file = extname(request.file) === '.nstack' ? basename(request.file, '.nstack') : undefined;
  return nameOf(tree, file ?? request.file);
}
