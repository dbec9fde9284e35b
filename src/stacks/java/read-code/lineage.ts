import type { CodeType } from '../../stack.ts';
import type { Declaration } from './declarations.ts';
import type { Names } from './names.ts';
import { supertypesOf } from './nodes.ts';
import type { TypeReader } from './type-context.ts';

/** A class of the author's that another one inherits from, and what its type variables stand for there. */
export interface Ancestor {
  readonly declaration: Declaration;
  readonly variables: ReadonlyMap<string, CodeType>;
}

/** Everything of the author's that a class is made of: what it inherits from first, itself last. */
export interface Lineage {
  readonly ancestors: readonly Ancestor[];
  /** Nothing comes from elsewhere, the JDK and nstack left out. */
  readonly complete: boolean;
}

export function lineageOf(
  declaration: Declaration,
  names: Names,
  reader: TypeReader,
  variables: Ancestor['variables'] = new Map(),
  below: readonly Declaration[] = [],
): Lineage {
  const { superclass, interfaces } = supertypesOf(declaration.node);
  const context = { file: declaration.file, inside: declaration, variables };
  const ancestors: Ancestor[] = [];
  let complete = true;
  // A class comes before the interfaces that it implements, whose default methods it replaces.
  for (const written of superclass === undefined ? interfaces : [...interfaces, superclass]) {
    const meaning = names.meaningOf(written, context);
    if (meaning.kind === 'declared' && !below.includes(meaning.declaration)) {
      const base = meaning.declaration;
      const given = reader.variablesOf(written, base, context);
      const inner = lineageOf(base, names, reader, given, [...below, declaration]);
      ancestors.push(...inner.ancestors);
      complete &&= inner.complete;
    } else if (meaning.kind !== 'library' || !isSeenThrough(meaning.path, written === superclass))
      complete = false;
  }
  return { ancestors: [...ancestors, { declaration, variables }], complete };
}

/** The JDK's interfaces bring no functions that a service would mean. */
function isSeenThrough(path: string, isClass: boolean): boolean {
  return (
    path.startsWith('io.nstack.') || path === 'java.lang.Object' || (!isClass && path.startsWith('java.'))
  );
}
