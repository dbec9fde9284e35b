import { parseWorkflow } from './parse-workflow.ts';

/** Which of a text's definitions is meant: the one of the workflow's name, where there is one. */
export function definitionNamed(
  { text, file }: { readonly text: string; readonly file: string },
  name: string,
): { readonly workflow?: string } {
  const { statements } = parseWorkflow(text, file).tree;
  const isThere = statements.some((statement) => statement.kind === 'definition' && statement.name === name);
  return isThere ? { workflow: name } : {};
}
