import type { Findings, Span } from '../types/index.ts';
import type { Scope } from './scope.ts';
import type { Binding, Element, Path, Pipeline, Postfix, Reference } from './syntax-tree.ts';

/** One source, service, sink or postfix of a workflow, parts and groups put in their place. */
export type FlatNode = FlatElement | FlatPostfix;

interface FlatBase {
  /** Indices of the nodes before it, all of them smaller than its own; undefined at a head. */
  readonly from: readonly number[] | undefined;
  readonly place: Place;
}

/**
 * What may stand behind a node: in the `middle` something does; at an `end` nothing; where it `may-end`, which is the end of a branch
 * beside others that something stands behind, a sink keeps its messages and a service hands them on.
 */
export type Place = 'middle' | 'may-end' | 'end';

export interface FlatElement extends FlatBase {
  readonly kind: 'element';
  readonly element: Reference | Path;
  /** Parameters of the groups and parts around it, the innermost first. */
  readonly inherited: readonly (readonly Binding[])[];
}

/** A `*` or `?` behind one node; behind a group there is one for each node that its messages come from. */
export interface FlatPostfix extends FlatBase {
  readonly kind: Postfix['kind'];
  readonly from: readonly [number];
  readonly span: Span;
}

/** More than this is not looked up; parts that use parts could make millions. */
const mostNodes = 1000;
const mostEdges = 10_000;

/** The nodes of a workflow, each after those that give to it. A part that uses itself is reported, and left out. */
export function flatten(pipeline: Pipeline, scope: Scope, findings: Findings): readonly FlatNode[] {
  const flat: FlatNode[] = [];
  let visits = 0;
  let edges = 0;
  addPipeline(pipeline, undefined, 'end', [], []);
  return flat;

  /** Answers the nodes from which its messages go on. */
  function addPipeline(
    { elements }: Pipeline,
    from: FlatBase['from'],
    place: Place,
    inherited: FlatElement['inherited'],
    inside: readonly string[],
  ): readonly number[] {
    let givers = from;
    for (const [index, element] of elements.entries()) {
      const own = index === elements.length - 1 ? place : 'middle';
      givers = addElement(element, givers, own, inherited, inside);
    }
    return givers ?? [];
  }

  function addElement(
    element: Element,
    from: FlatBase['from'],
    place: Place,
    inherited: FlatElement['inherited'],
    inside: readonly string[],
  ): readonly number[] {
    const before = element.postfixes.length === 0 ? place : 'middle';
    let givers = addPlain(element, from, before, inherited, inside);
    for (const [index, { kind, span }] of element.postfixes.entries()) {
      const own = index === element.postfixes.length - 1 ? place : 'middle';
      givers = givers.flatMap((giver) => add({ kind, span, from: [giver], place: own }, span));
    }
    return givers;
  }

  function addPlain(
    element: Element,
    from: FlatBase['from'],
    place: Place,
    inherited: FlatElement['inherited'],
    inside: readonly string[],
  ): readonly number[] {
    const within = partOf(element);
    if (within === undefined)
      return element.kind === 'group'
        ? []
        : add({ kind: 'element', element, inherited, from, place }, element.span);
    if (isTooMuch(element.span)) return [];
    const { name, branches } = within;
    if (name !== undefined && inside.includes(name)) {
      const message = `${name} is a part of itself: ${[...inside, name].join(' -> ')}`;
      findings.error('cycle', element.span, message);
      return [];
    }
    if (element.type !== undefined)
      findings.error('wrong-type', element.type.span, 'a part takes no type in angle brackets');
    const around = element.bindings.length === 0 ? inherited : [element.bindings, ...inherited];
    const ends = branches.length > 1 && place === 'middle' ? 'may-end' : place;
    const inner = name === undefined ? inside : [...inside, name];
    return branches.flatMap((branch) => addPipeline(branch, from, ends, around, inner));
  }

  function add(node: FlatNode, span: Span): readonly number[] {
    if (isTooMuch(span)) return [];
    edges += node.from?.length ?? 0;
    if (edges > mostEdges && edges - (node.from?.length ?? 0) <= mostEdges)
      findings.error('too-large', span, `a workflow has at most ${mostEdges} connections between stages`);
    if (edges > mostEdges) return [];
    return [flat.push(node) - 1];
  }

  function isTooMuch(span: Span): boolean {
    if (++visits === mostNodes)
      findings.error('too-large', span, `a workflow has at most ${mostNodes} stages`);
    return visits >= mostNodes;
  }

  /** The pipelines that stand for an element: a group's own, or that of the part it names. */
  function partOf(
    element: Element,
  ): { readonly name?: string; readonly branches: readonly Pipeline[] } | undefined {
    if (element.kind === 'group') return element;
    if (element.kind === 'path' || element.version !== undefined) return undefined;
    const definition = scope.definitions.get(element.name);
    return definition === undefined ? undefined : { name: element.name, branches: [definition.pipeline] };
  }
}
