import type { Findings } from '../types/index.ts';
import type { Scope } from './scope.ts';
import type { Binding, Element, Path, Pipeline, Reference } from './syntax-tree.ts';

/** One source, service or sink of a workflow, parts and groups put in their place. */
export interface FlatElement {
  readonly element: Reference | Path;
  /** Parameters of the groups and parts around it, the innermost first. */
  readonly inherited: readonly (readonly Binding[])[];
}

/** More names than this are not looked up; parts that use parts could make millions. */
const most = 1000;

/** The elements of a pipeline in a row. A part that uses itself is reported, and left out. */
export function flatten(pipeline: Pipeline, scope: Scope, findings: Findings): readonly FlatElement[] {
  const flat: FlatElement[] = [];
  let visits = 0;
  add(pipeline, [], []);
  return flat;

  function add({ elements }: Pipeline, inherited: FlatElement['inherited'], inside: readonly string[]): void {
    for (const element of elements) {
      if (++visits === most)
        findings.error('too-large', element.span, `a workflow has at most ${most} stages`);
      if (visits >= most) return;
      const within = partOf(element);
      if (within === undefined) {
        if (element.kind !== 'group') flat.push({ element, inherited });
      } else if (within.name !== undefined && inside.includes(within.name)) {
        findings.error(
          'cycle',
          element.span,
          `${within.name} is a part of itself: ${[...inside, within.name].join(' -> ')}`,
        );
      } else {
        if (element.type !== undefined)
          findings.error('wrong-type', element.type.span, 'a part takes no type in angle brackets');
        const around = element.bindings.length === 0 ? inherited : [element.bindings, ...inherited];
        add(within.pipeline, around, within.name === undefined ? inside : [...inside, within.name]);
      }
    }
  }

  /** The pipeline that stands for an element: a group's own, or that of the part it names. */
  function partOf(element: Element): { readonly name?: string; readonly pipeline: Pipeline } | undefined {
    if (element.kind === 'group') return element;
    if (element.kind === 'path' || element.version !== undefined) return undefined;
    const definition = scope.definitions.get(element.name);
    return definition === undefined ? undefined : { name: element.name, pipeline: definition.pipeline };
  }
}
