import { type Diagnostic, deepFreeze, lineOf } from '../core/index.ts';
import type { RegisteredService } from '../registry/index.ts';
import { Findings, parseType } from '../types/index.ts';
import { reportUnused } from './bound-parameters.ts';
import { checkStages, type StatedType } from './check-stages.ts';
import { blankComments } from './comments.ts';
import { type FlatElement, flatten } from './flatten.ts';
import { createLookUp, nameSpan } from './look-up.ts';
import { parseWorkflow } from './parse-workflow.ts';
import type { Plan, PlanNode, ServicePlan, StageNode } from './plan.ts';
import { planConnector } from './plan-connector.ts';
import { planStage } from './plan-stage.ts';
import type { ConnectorInfo } from './resolve-connector.ts';
import { chooseDefinition, readScope, type Scope } from './scope.ts';
import type { Binding, WorkflowTree } from './syntax-tree.ts';

/** What a workflow can be made of. */
export interface World {
  readonly services: readonly RegisteredService[];
  readonly connectors: readonly ConnectorInfo[];
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
  const plan = findings.diagnostics.length > 0 ? undefined : planFlat(flat, tree, scope, world, findings);
  if (plan === undefined || findings.diagnostics.length > 0)
    return { plan: undefined, diagnostics: findings.diagnostics };
  return {
    plan: deepFreeze({ name: definition?.name ?? 'workflow', text: tree.text, ...plan }),
    diagnostics: [],
  };
}

/** The plan of the elements in a row; undefined where one of them means nothing, which is reported. */
function planFlat(
  flat: readonly FlatElement[],
  tree: WorkflowTree,
  scope: Scope,
  { services, connectors }: World,
  findings: Findings,
): Pick<Plan, 'nodes'> | undefined {
  const lookUp = createLookUp(scope, services, connectors, findings);
  const [first, last] = [flat[0], flat.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const source = lookUp.connector(first, 'source');
  const sink = flat.length === 1 ? undefined : lookUp.connector(last, 'sink');
  const middle = flat.slice(1, -1).map((element) => ({ element, found: lookUp.service(element) }));
  const stages = middle.flatMap(({ element, found }) => (found === undefined ? [] : [{ element, found }]));
  if (source !== undefined && middle.length === 0) reportNoStage(flat, findings);
  const stated = {
    source: readType(first, tree, scope, findings),
    sink: readType(last, tree, scope, findings),
  };
  if (source === undefined || sink === undefined || findings.diagnostics.length > 0) return undefined;
  const typed = stages.map(({ element, found: { label, function: called } }) => {
    return { label, input: called.input, output: called.output, span: nameSpan(element.element) };
  });
  checkStages(typed, stated.source, stated.sink, services, findings);
  const [head, tail] = [typed[0], typed.at(-1)];
  if (head === undefined || tail === undefined) return undefined;
  const used = new Set<Binding>();
  const from = planConnector(first, source, stated.source?.type ?? head.input, used, findings);
  const into = planConnector(last, sink, stated.sink?.type ?? tail.output, used, findings);
  const planned = stages.map(({ element, found }, index): StageNode => {
    const service: ServicePlan = planStage(element, found, used, findings);
    return { kind: 'stage', label: found.label, service, to: [index + 2] };
  });
  reportUnused(flat, used, findings);
  const nodes: readonly PlanNode[] = [
    { kind: 'source', label: from.connector, from, to: [1] },
    ...withDistinctLabels(planned),
    { kind: 'sink', label: into.connector, into },
  ];
  return { nodes };
}

function reportNoStage(flat: readonly FlatElement[], findings: Findings): void {
  const spans = flat.map(({ element }) => element.span);
  const span = {
    start: Math.min(...spans.map(({ start }) => start)),
    end: Math.max(...spans.map(({ end }) => end)),
  };
  const message =
    flat.length === 1
      ? 'a source alone is no workflow'
      : 'there is no service between the source and the sink';
  findings.error('no-stage', span, message, { hint: 'a workflow is source -> Service -> sink' });
}

/** The type in angle brackets of a source or a sink; it may use the names that the text declares. */
function readType(
  { element }: FlatElement,
  tree: WorkflowTree,
  scope: Scope,
  findings: Findings,
): StatedType | undefined {
  const span = element.type?.span;
  if (span === undefined) return undefined;
  const { blanked } = blankComments(tree.text.slice(span.start, span.end), findings);
  const line = findings.lineOf(span.start) + 1;
  const sourceLine = (number: number) => lineOf(tree.text, number);
  const origin = { file: tree.file, line, column: findings.columnOf(span.start), indent: 0, sourceLine };
  const { type, diagnostics } = parseType(blanked, origin, scope.types);
  findings.diagnostics.push(...diagnostics);
  return type === undefined ? undefined : { type, span };
}

/** A service that stands in a workflow twice makes two stages; their logs must be told apart. */
function withDistinctLabels(stages: readonly StageNode[]): readonly StageNode[] {
  return stages.map((stage, index) => {
    const before = stages.slice(0, index).filter(({ label }) => label === stage.label).length;
    return before === 0 ? stage : { ...stage, label: `${stage.label} (${before + 1})` };
  });
}
