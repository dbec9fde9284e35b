import { nearestWord } from '../core/index.ts';
import type { Findings, Span } from '../types/index.ts';
import type { FlatElement } from './flatten.ts';
import type { Binding } from './syntax-tree.ts';

/** The bindings that reach one element, by name: its own, and the innermost of each name from around it that it knows. */
export interface BoundParameters {
  readonly bindings: ReadonlyMap<string, Binding>;
  /** Marks what was inherited as used by something. */
  readonly inherited: readonly Binding[];
}

/**
 * Picks the bindings for an element that knows `names`. One of its own that it does not know is reported; one from around it may be
 * meant for another element, so that {@link reportUnused} speaks of those that nothing knew.
 */
export function bindParameters(
  { element, inherited }: FlatElement,
  names: readonly string[],
  owner: string,
  findings: Findings,
): BoundParameters {
  const bindings = new Map<string, Binding>();
  for (const binding of element.bindings) {
    if (names.includes(binding.name)) bindings.set(binding.name, binding);
    else
      findings.error('unknown-parameter', binding.span, `${owner} has no parameter ${binding.name}`, {
        hint: hintFor(binding.name, names),
      });
  }
  const known = inherited.flat().filter(({ name }) => names.includes(name));
  for (const binding of known) if (!bindings.has(binding.name)) bindings.set(binding.name, binding);
  return { bindings, inherited: known };
}

/** Reports the parameters around groups and parts that no element in them knows. */
export function reportUnused(
  flat: readonly FlatElement[],
  used: ReadonlySet<Binding>,
  findings: Findings,
): void {
  const all = new Set(flat.flatMap(({ inherited }) => inherited.flat()));
  for (const { name, span } of all.difference(used)) {
    findings.error('unknown-parameter', span, `nothing in here has a parameter ${name}`);
  }
}

/** Reports a parameter that has no value. */
export function reportMissing(
  name: string,
  words: string,
  owner: string,
  span: Span,
  findings: Findings,
): void {
  findings.error('missing-parameter', span, `${owner} needs the parameter ${name}${words}`, {
    hint: `write it in braces: { ${name} = ... }`,
  });
}

function hintFor(name: string, names: readonly string[]): string {
  const nearest = nearestWord(name, names);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  return names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
}
