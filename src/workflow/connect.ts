import type { Findings, Span } from '../types/index.ts';
import type { Role } from './find-role.ts';
import type { FlatNode } from './flatten.ts';
import { nameSpan, nameText } from './name-text.ts';

/** A node of a workflow as a graph: what it is, and what gives to it. */
export interface GraphNode {
  readonly flat: FlatNode;
  /** Undefined for `*` and `?`. */
  readonly role: Role | undefined;
  /** Indices of nodes, all of them smaller than its own. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/**
 * The graph of nodes whose roles are known: sinks that stand where something could go on give to nothing. Reports a node that nothing comes
 * to, and one that would give to nothing.
 */
export function connect(
  flat: readonly FlatNode[],
  roles: readonly (Role | undefined)[],
  findings: Findings,
): readonly GraphNode[] {
  // A postfix of a group stands behind each branch, and behind a sink it stands for nothing.
  const givers = new Set<number>();
  const kept = new Map<number, number>();
  for (const [index, node] of flat.entries()) {
    const isPostfix = node.kind !== 'element';
    if (isPostfix && !givers.has(node.from[0])) continue;
    kept.set(index, kept.size);
    if (isPostfix || roles[index]?.kind !== 'sink') givers.add(index);
  }
  const sources = [...kept.keys()].map((index) =>
    (flat[index]?.from ?? []).filter((each) => givers.has(each)),
  );
  const targets = new Map<number, number[]>();
  for (const index of kept.values()) targets.set(index, []);
  for (const [index, from] of sources.entries())
    for (const each of from) targets.get(kept.get(each) ?? 0)?.push(index);
  return [...kept.keys()].flatMap((old, index) => {
    const node = flat[old];
    if (node === undefined) return [];
    const from = (sources[index] ?? []).map((each) => kept.get(each) ?? 0);
    const to = targets.get(index) ?? [];
    reportLoose(node, from, to, roles[old], findings);
    return [{ flat: node, role: roles[old], from, to }];
  });
}

function reportLoose(
  node: FlatNode,
  from: readonly number[],
  to: readonly number[],
  role: Role | undefined,
  findings: Findings,
): void {
  if (node.from !== undefined && from.length === 0) {
    const name = node.kind === 'element' ? nameText(node.element) : 'it';
    findings.error('nothing-comes', spanOf(node), `nothing comes to ${name}: all before it are sinks`, {
      hint: 'at least one branch must go on',
    });
  } else if (role?.kind !== 'sink' && to.length === 0) {
    const [what, hint] =
      node.kind === 'element'
        ? ['a source alone is no workflow', 'a workflow is source -> Service -> sink']
        : ['a workflow ends with a sink', 'put an arrow and a sink behind it'];
    findings.error(node.kind === 'element' ? 'no-stage' : 'no-sink', spanOf(node), what, { hint });
  }
}

/** Where a node's name or sign stands. */
export function spanOf(node: FlatNode): Span {
  return node.kind === 'element' ? nameSpan(node.element) : node.span;
}
