import type { Findings, Span, Type } from '../types/index.ts';
import { misfit } from './misfit.ts';

/** A node as the search for types sees it. */
export interface TypedNode {
  readonly kind: 'source' | 'stage' | 'concat' | 'filter' | 'sink';
  /** How a message calls it: `Clean`, `the source`, `Clean*`. */
  readonly label: string;
  /** As it was written, where it is a source or a sink. */
  readonly name: string;
  readonly span: Span;
  /** Where its type is stated. */
  readonly statedAt?: Span | undefined;
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** What it takes by its API, or as it is stated. */
  readonly takes?: Type | undefined;
  /** What it gives by its API, or as it is stated. */
  readonly gives?: Type | undefined;
}

/** What each node takes and gives, in order; undefined where it is not known, which is reported for sources and sinks. */
export interface FoundTypes {
  readonly takes: readonly (Type | undefined)[];
  readonly gives: readonly (Type | undefined)[];
}

/**
 * Finds the types that no one states: a source gives what all that stands behind it takes, through `*` and `?`; a sink takes what all before it give.
 * Where they differ, it is the one of them that does for all.
 */
export function findTypes(nodes: readonly TypedNode[], findings: Findings): FoundTypes {
  const wanted = findWanted(nodes);
  const gives: (Type | undefined)[] = [];
  const takes: (Type | undefined)[] = [];
  for (const [index, node] of nodes.entries()) {
    const given = node.from.flatMap((each) => gives[each] ?? []);
    takes[index] = node.takes;
    gives[index] = node.gives;
    if (node.kind === 'concat' || node.kind === 'filter') {
      takes[index] = given[0];
      gives[index] = unpacked(given[0], node.kind);
    } else if (node.kind === 'source' && node.gives === undefined) {
      gives[index] = wanted[index]?.one;
      if (gives[index] === undefined) reportSource(node, wanted[index]?.all ?? [], findings);
    } else if (node.kind === 'sink' && node.takes === undefined) {
      takes[index] = given.find((one) => given.every((each) => misfit(each, one) === undefined));
      if (takes[index] === undefined && given.length > 0) reportSink(node, nodes, gives, findings);
    }
  }
  return { takes, gives };
}

/** The kind of a type, names followed. */
export function plainKind(type: Type): Type['kind'] {
  return plain(type).kind;
}

function plain(type: Type): Type {
  return type.kind === 'named' ? plain(type.target) : type;
}

/** An element of a list, or what an optional may hold; undefined where the type is neither. */
export function unpacked(type: Type | undefined, kind: 'concat' | 'filter'): Type | undefined {
  const found = type === undefined ? undefined : plain(type);
  if (kind === 'concat') return found?.kind === 'list' ? found.item : undefined;
  return found?.kind === 'optional' ? found.item : undefined;
}

interface Wanted {
  /** What those behind a node take, with their labels. */
  readonly all: readonly { readonly label: string; readonly type: Type }[];
  /** The one that does for all. */
  readonly one: Type | undefined;
}

/** From the last node to the first: what is wanted of each. */
function findWanted(nodes: readonly TypedNode[]): readonly Wanted[] {
  const wanted: Wanted[] = [];
  for (let index = nodes.length - 1; index >= 0; index--) {
    const all = (nodes[index]?.to ?? []).flatMap((each) => takenBy(nodes[each], wanted[each]));
    const one = all.find(({ type }) => all.every((other) => misfit(type, other.type) === undefined));
    wanted[index] = { all, one: one?.type };
  }
  return wanted;
}

/** What a node takes; a `*` takes lists of what is wanted behind it, and a `?` optionals. */
function takenBy(node: TypedNode | undefined, wanted: Wanted | undefined): Wanted['all'] {
  if (node?.kind === 'concat' || node?.kind === 'filter') {
    const wrap = (type: Type): Type[] => {
      if (node.kind === 'concat') return [{ kind: 'list', item: type }];
      // There is no optional of a type that has null itself.
      return ['json', 'unit', 'optional'].includes(plainKind(type)) ? [] : [{ kind: 'optional', item: type }];
    };
    // Where they agree on no type, all are handed on, so that the source can tell who disagrees.
    const one = wanted?.all.find(({ type }) => type === wanted.one);
    const those = one === undefined ? (wanted?.all ?? []) : [one];
    return those.flatMap(({ label, type }) => wrap(type).map((each) => ({ label, type: each })));
  }
  return node?.takes === undefined ? [] : [{ label: node.label, type: node.takes }];
}

function reportSource({ label, name, span }: TypedNode, all: Wanted['all'], findings: Findings): void {
  const hint = `state the type of its messages: ${name}<...>`;
  const [first, ...others] = all;
  const other = others.find(({ type }) => first !== undefined && misfit(first.type, type) !== undefined);
  if (first === undefined || other === undefined) {
    const message = `it is not known what ${label} gives: nothing behind it says so`;
    findings.error('type-needed', span, message, { hint });
    return;
  }
  const parts = misfit(first.type, other.type);
  const message = `no type of ${label} does for all behind it: ${first.label} takes ${parts?.from}, and ${other.label} takes ${parts?.to}`;
  findings.error('type-needed', span, message, { hint });
}

function reportSink(
  { label, name, span, from }: TypedNode,
  nodes: readonly TypedNode[],
  gives: readonly (Type | undefined)[],
  findings: Findings,
): void {
  const all = from.flatMap((each) => {
    const [node, type] = [nodes[each], gives[each]];
    return node === undefined || type === undefined ? [] : [{ label: node.label, type }];
  });
  const [first, ...others] = all;
  const other = others.find(({ type }) => first !== undefined && misfit(type, first.type) !== undefined);
  const parts = first === undefined || other === undefined ? undefined : misfit(other.type, first.type);
  const message = `no type of ${label} does for all before it: ${first?.label} gives ${parts?.to}, and ${other?.label} gives ${parts?.from}`;
  findings.error('type-needed', span, message, { hint: `state one that takes all: ${name}<Json>` });
}
