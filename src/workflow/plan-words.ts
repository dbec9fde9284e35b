import { printType, type Type } from '../types/index.ts';
import { withPostfix } from './name-text.ts';
import type { ConnectorPlan, Plan, PlanNode, ServicePlan, StageSettings } from './plan.ts';
import { unpacked } from './types-between.ts';

/** A node of a plan as it is shown: types in words, nothing that only its start needs. Plain JSON. */
export interface NodeWords {
  readonly kind: PlanNode['kind'];
  readonly label: string;
  /** Missing at a source. */
  readonly takes?: string;
  /** Missing at a sink. */
  readonly gives?: string;
  /** Indices of the nodes it gives to. */
  readonly to: readonly number[];
  /** Missing at `*` and `?`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly connector?: string;
  readonly connection?: string;
  readonly format?: string;
  readonly service?: string;
  readonly version?: string;
  readonly function?: string;
  readonly settings?: StageSettings;
}

/** The nodes of a plan in words, in order. */
export function planWords({ nodes }: Plan): readonly NodeWords[] {
  const gives: (Type | undefined)[] = [];
  const labels: string[] = [];
  // The nodes that give to a node come before it.
  const giverOf = (index: number) => nodes.findIndex((node) => 'to' in node && node.to.includes(index));
  return nodes.map((node, index): NodeWords => {
    const giver = giverOf(index);
    const given = gives[giver];
    const isPostfix = node.kind === 'concat' || node.kind === 'filter';
    const label = isPostfix ? withPostfix(labels[giver] ?? '', node.kind) : node.label;
    const out = isPostfix ? unpacked(given, node.kind) : givenBy(node);
    gives[index] = out;
    labels[index] = label;
    const taken = isPostfix ? given : takenBy(node);
    return {
      kind: node.kind,
      label,
      ...(taken === undefined ? {} : { takes: printType(taken) }),
      ...(out === undefined ? {} : { gives: printType(out) }),
      to: 'to' in node ? node.to : [],
      ...detailsOf(node),
    };
  });
}

/**
 * A plan as lines for people: each node with its number, kind and label, the types it takes and gives, the numbers of the nodes it gives to, and
 * what it is.
 */
export function describePlan(plan: Plan): readonly string[] {
  const rows = planWords(plan).map((words, index) => {
    const types = [words.takes, words.gives].filter((type) => type !== undefined).map(cut);
    const to = words.to.length === 0 ? '' : `-> ${words.to.map((each) => each + 1).join(', ')}`;
    const kind = { concat: '*', filter: '?' }[words.kind as string] ?? words.kind;
    return [String(index + 1), kind, words.label, types.join(' -> '), to, shown(words)];
  });
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padStart(widths[0] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

function givenBy(node: PlanNode): Type | undefined {
  if (node.kind === 'source') return node.from.kind === 'connector' ? node.from.type : node.from.output;
  return node.kind === 'stage' && node.to.length > 0 ? node.service.output : undefined;
}

function takenBy(node: PlanNode): Type | undefined {
  if (node.kind === 'sink') return node.into.type;
  return node.kind === 'stage' ? node.service.input : undefined;
}

function detailsOf(node: PlanNode) {
  switch (node.kind) {
    case 'source':
      return node.from.kind === 'connector' ? connectorDetails(node.from) : serviceDetails(node.from);
    case 'stage':
      return serviceDetails(node.service);
    case 'sink':
      return connectorDetails(node.into);
    case 'concat':
    case 'filter':
      return {};
    default:
      return node satisfies never;
  }
}

function connectorDetails({ connector, connection, parameters, format }: ConnectorPlan) {
  return { connector, ...(connection === undefined ? {} : { connection }), parameters, format };
}

function serviceDetails({ service, version, function: name, parameters, settings }: ServicePlan) {
  return { service, version, function: name, parameters, settings };
}

function shown(words: NodeWords): string {
  const { connector, connection, format, service, version, parameters, settings } = words;
  const bindings = Object.entries({ ...parameters, ...settings });
  const braces =
    bindings.length === 0
      ? ''
      : ` { ${bindings.map(([name, value]) => `${name} = ${cut(JSON.stringify(value))}`).join(', ')} }`;
  if (service !== undefined) return `${service}:${version}.${words.function}${braces}`;
  if (connector === undefined) return '';
  return `${connector}${connection === undefined ? '' : ` on ${connection}`}${braces} as ${format}`;
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
