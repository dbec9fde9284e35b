import { nameOf, parseWorkflow, type WorkflowRequest } from '../workflow/index.ts';

/** The name that a request gives its workflow: the one it says, else that of its definition, its file or its first service. */
export function workflowName({ name, text, file }: WorkflowRequest): string {
  return name ?? nameOf(parseWorkflow(text, file).tree, file);
}

/** Which of the text's definitions is meant: the one of the workflow's name, where there is one. */
export function definitionNamed(
  { text, file }: WorkflowRequest,
  name: string,
): { readonly workflow?: string } {
  const { statements } = parseWorkflow(text, file).tree;
  const isThere = statements.some((statement) => statement.kind === 'definition' && statement.name === name);
  return isThere ? { workflow: name } : {};
}
