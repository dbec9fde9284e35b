import { Findings } from '../types/index.ts';
import { nameText } from './name-text.ts';
import { chooseDefinition, readScope } from './scope.ts';
import type { Element, Pipeline, WorkflowTree } from './syntax-tree.ts';

/** Name of a workflow that has none that we know. */
const unnamed = 'workflow';

/**
 * What a workflow is called: the name of its definition, else that of its file without the ending, else its first service, as it is written but
 * without a version and in place of an import's short name. Files such as `<workflow>` are none.
 */
export function nameOf(tree: WorkflowTree, file: string): string {
  const findings = new Findings(tree.text, { file: tree.file, line: 1, column: 0, indent: 0 });
  const scope = readScope(tree, findings);
  const definition = chooseDefinition(tree, scope, undefined, findings);
  if (definition?.name !== undefined) return definition.name;
  const fromFile = /([^/\\]+?)(?:\.[^./\\]*)?$/.exec(file)?.[1];
  if (fromFile !== undefined && !file.startsWith('<')) return fromFile;
  const element = definition === undefined ? undefined : firstService(definition.pipeline);
  if (element === undefined) return unnamed;
  if (element.kind === 'path') return nameText(element);
  const { name, member } = element;
  const [first = '', ...rest] = name.split('.');
  const imported = scope.imports.get(name) ?? scope.imports.get(first);
  const parts =
    imported === undefined ? [name] : [imported.service, ...(scope.imports.has(name) ? [] : rest)];
  return [...parts, ...(member === undefined ? [] : [member])].join('.');
}

type Leaf = Exclude<Element, { kind: 'group' }>;

/** The first element behind the head; the head itself where only a sink stands behind it. */
function firstService({ elements }: Pipeline): Leaf | undefined {
  const [head, next] = elements;
  if (head?.kind === 'group' && next === undefined) return firstService(head.branches[0] ?? { elements: [] });
  const isShort = next === undefined || (elements.length === 2 && next.kind !== 'group');
  return firstLeaf(isShort ? head : next);
}

function firstLeaf(element: Element | undefined): Leaf | undefined {
  return element?.kind === 'group' ? firstLeaf(element.branches[0]?.elements[0]) : element;
}
