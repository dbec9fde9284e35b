import type { NamedConnection } from '../connectors/connections/index.ts';
import type { Findings } from '../types/index.ts';
import { createParameterCheck } from './check-parameters.ts';
import type { GraphNode } from './connect.ts';
import type { Role } from './find-role.ts';
import type { FlatElement } from './flatten.ts';
import { nameText } from './name-text.ts';
import type { PlanNode } from './plan.ts';
import { planConnector } from './plan-connector.ts';
import { planStage } from './plan-stage.ts';
import type { Binding } from './syntax-tree.ts';
import type { FoundTypes } from './types-between.ts';

/** The nodes of a plan, sources first, from a graph whose types are known; their parameters are checked. What was inherited goes in `used`. */
export function planNodes(
  graph: readonly GraphNode[],
  types: FoundTypes,
  connections: readonly NamedConnection[],
  used: Set<Binding>,
  findings: Findings,
): readonly PlanNode[] {
  const isSource = (index: number) => graph[index]?.from.length === 0;
  const order = [...graph.keys()].sort((a, b) => Number(isSource(b)) - Number(isSource(a)) || a - b);
  const newIndex = new Map(order.map((old, index) => [old, index]));
  const labels = distinctLabels(graph);
  const check = createParameterCheck(findings);
  return order.flatMap((old): PlanNode[] => {
    const node = graph[old];
    if (node === undefined) return [];
    const { flat, role } = node;
    const to = node.to.map((each) => newIndex.get(each) ?? 0);
    if (flat.kind !== 'element' || role === undefined)
      return flat.kind === 'element' ? [] : [{ kind: flat.kind, to }];
    const label = labels.get(old) ?? '';
    if ('connector' in role) {
      const type = role.kind === 'source' ? types.gives[old] : types.takes[old];
      if (type === undefined) return [];
      const plan = planConnector(flat, role.connector, type, connections, check, used, findings);
      return [
        role.kind === 'source'
          ? { kind: 'source', label, from: plan, to }
          : { kind: 'sink', label, into: plan },
      ];
    }
    const service = planStage(flat, role.service, used, findings);
    return [
      role.kind === 'source'
        ? { kind: 'source', label, from: service, to }
        : { kind: 'stage', label, service, to },
    ];
  });
}

/**
 * What each node is called where people watch it run and find its dead letters: an end as it was written, a stage by its function; what is the
 * same by then is told apart by a number.
 */
function distinctLabels(graph: readonly GraphNode[]): ReadonlyMap<number, string> {
  const labels = new Map<number, string>();
  const counts = new Map<string, number>();
  for (const [index, { flat, role }] of graph.entries()) {
    if (flat.kind !== 'element' || role === undefined) continue;
    const label = labelOf(flat, role);
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    labels.set(index, count === 1 ? label : `${label} (${count})`);
  }
  return labels;
}

function labelOf({ element }: FlatElement, role: Role): string {
  if (!('connector' in role)) return role.service.label;
  return element.kind === 'path' ? nameText(element) : role.connector.name;
}
