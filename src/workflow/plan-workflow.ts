import type { NamedConnection } from '../connectors/connections/index.ts';
import { type Diagnostic, deepFreeze, lineOf } from '../core/index.ts';
import type { RegisteredService } from '../registry/index.ts';
import { Findings, parseType } from '../types/index.ts';
import { reportUnused } from './bound-parameters.ts';
import { checkEdges } from './check-edges.ts';
import { blankComments } from './comments.ts';
import { connect, type GraphNode, spanOf } from './connect.ts';
import { createRoleFinder } from './find-role.ts';
import { type FlatNode, flatten } from './flatten.ts';
import { nameOf } from './name-of.ts';
import { nameText, withPostfix } from './name-text.ts';
import { parseWorkflow } from './parse-workflow.ts';
import type { Plan, PlanNode } from './plan.ts';
import { planNodes } from './plan-nodes.ts';
import type { ConnectorInfo } from './resolve-connector.ts';
import { chooseDefinition, readScope, type Scope } from './scope.ts';
import type { Binding, TypeText, WorkflowTree } from './syntax-tree.ts';
import { findTypes, type TypedNode } from './types-between.ts';

/** What a workflow can be made of. */
export interface World {
  readonly services: readonly RegisteredService[];
  readonly connectors: readonly ConnectorInfo[];
  /** The connections that are configured; none where it is not said. */
  readonly connections?: readonly NamedConnection[];
  /** Where the text is from, for places; `<workflow>` where it is not said. */
  readonly file?: string;
  /** The definition that is meant, where the text has several. */
  readonly workflow?: string;
}

/**
 * Checks a workflow against what there is and makes its plan: names and versions looked up, parameters and neighbouring types
 * checked, defaults filled in. Without a plan, `diagnostics` holds every fault that was found, each with its place.
 */
export function planWorkflow(
  workflow: WorkflowTree | string,
  world: World,
): { readonly plan: Plan | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const parsed =
    typeof workflow === 'string' ? parseWorkflow(workflow, world.file) : { tree: workflow, diagnostics: [] };
  if (parsed.diagnostics.length > 0) return { plan: undefined, diagnostics: parsed.diagnostics };
  const { tree } = parsed;
  const findings = new Findings(tree.text, { file: tree.file, line: 1, column: 0, indent: 0 });
  const scope = readScope(tree, findings);
  const definition = chooseDefinition(tree, scope, world.workflow, findings);
  const flat = definition === undefined ? [] : flatten(definition.pipeline, scope, findings);
  const nodes = findings.diagnostics.length > 0 ? undefined : planFlat(flat, tree, scope, world, findings);
  if (nodes === undefined || findings.diagnostics.length > 0)
    return { plan: undefined, diagnostics: findings.diagnostics };
  const name = definition?.name ?? nameOf(tree, tree.file);
  return { plan: deepFreeze({ name, text: tree.text, nodes }), diagnostics: [] };
}

/** The plan's nodes; undefined where one of them means nothing, which is reported. */
function planFlat(
  flat: readonly FlatNode[],
  tree: WorkflowTree,
  scope: Scope,
  { services, connectors, connections = [] }: World,
  findings: Findings,
): readonly PlanNode[] | undefined {
  const finder = createRoleFinder(scope, services, connectors, connections, findings);
  const roles = flat.map((node) => (node.kind === 'element' ? finder.roleOf(node) : undefined));
  if (findings.diagnostics.length > 0) return undefined;
  const graph = connect(flat, roles, findings);
  const typed = typedNodes(graph, tree, scope, findings);
  if (findings.diagnostics.length > 0) return undefined;
  const types = findTypes(typed, findings);
  const allKnown = findings.diagnostics.length === 0;
  checkEdges(typed, types, services, findings);
  if (!allKnown) return undefined;
  const used = new Set<Binding>();
  const nodes = planNodes(graph, types, connections, used, findings);
  const elements = flat.filter((node) => node.kind === 'element');
  reportUnused(elements, used, findings);
  return nodes;
}

function typedNodes(
  graph: readonly GraphNode[],
  tree: WorkflowTree,
  scope: Scope,
  findings: Findings,
): readonly TypedNode[] {
  const sources = graph.filter(({ role }) => role?.kind === 'source');
  const sinks = graph.filter(({ role }) => role?.kind === 'sink');
  const typed: TypedNode[] = [];
  for (const { flat, role, from, to } of graph) {
    const base = { span: spanOf(flat), from, to };
    if (flat.kind !== 'element' || role === undefined) {
      const kind = flat.kind === 'element' ? 'concat' : flat.kind;
      const label = withPostfix(typed[from[0] ?? 0]?.name ?? '', kind);
      typed.push({ ...base, kind, label, name: label });
    } else if ('service' in role) {
      const { label, function: called } = role.service;
      const takes = role.kind === 'source' ? undefined : called.input;
      const gives = role.kind === 'sink' ? undefined : called.output;
      // A function that is a sink takes what it takes, and its type is not for the text to state.
      typed.push({ ...base, kind: role.kind, label, name: label, takes, gives });
    } else {
      const { kind } = role;
      const name = nameText(flat.element);
      const isAlone = (kind === 'source' ? sources : sinks).length === 1;
      const type = readType(flat.element.type, tree, scope, findings);
      const stated = kind === 'source' ? { gives: type } : { takes: type };
      const statedAt = kind === 'sink' && type !== undefined ? flat.element.type?.span : undefined;
      typed.push({ ...base, kind, label: isAlone ? `the ${kind}` : name, name, ...stated, statedAt });
    }
  }
  return typed;
}

/** The type in angle brackets of a source or a sink; it may use the names that the text declares. */
function readType(text: TypeText | undefined, tree: WorkflowTree, scope: Scope, findings: Findings) {
  if (text === undefined) return undefined;
  const { start, end } = text.span;
  const { blanked } = blankComments(tree.text.slice(start, end), findings);
  const line = findings.lineOf(start) + 1;
  const sourceLine = (number: number) => lineOf(tree.text, number);
  const origin = { file: tree.file, line, column: findings.columnOf(start), indent: 0, sourceLine };
  const { type, diagnostics } = parseType(blanked, origin, scope.types);
  findings.diagnostics.push(...diagnostics);
  return type;
}
