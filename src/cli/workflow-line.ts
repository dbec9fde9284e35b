import type { WorkflowInfo } from '../client/index.ts';
import { oneLine } from './one-line.ts';

/** What became of a workflow, on one line: `clicks v2 running`. */
export function workflowLine({ name, version, state }: WorkflowInfo): string {
  return `${oneLine(name)} v${version} ${state}\n`;
}
