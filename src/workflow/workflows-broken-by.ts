import type { Diagnostic } from '../core/index.ts';
import { definitionNamed } from './definition-named.ts';
import { planWorkflow, type World } from './plan-workflow.ts';
import type { WorkflowInfo } from './supervisor-words.ts';

/** A workflow that no longer is one in another world. */
export interface BrokenWorkflow {
  readonly name: string;
  readonly state: WorkflowInfo['state'];
  /** What is wrong there, with its place in the workflow's text, and is not wrong here. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The workflows that are whole, or less faulty, over the services of `before`, and have faults over those of `after`. Faults that stand in both worlds, such as a service
 * that is not built on this machine, are nobody's news.
 */
export function workflowsBrokenBy(
  workflows: readonly Pick<WorkflowInfo, 'name' | 'state' | 'text'>[],
  before: World,
  after: World,
): readonly BrokenWorkflow[] {
  return workflows.flatMap(({ name, state, text }) => {
    const faults = (world: World) => {
      const file = `<${name}>`;
      return planWorkflow(text, { ...world, file, ...definitionNamed({ text, file }, name) }).diagnostics;
    };
    const now = faults(after);
    if (now.length === 0) return [];
    const known = new Set(faults(before).map(({ message }) => message));
    const diagnostics = now.filter(({ message }) => !known.has(message));
    return diagnostics.length === 0 ? [] : [{ name, state, diagnostics }];
  });
}
