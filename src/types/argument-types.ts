import type { Type } from './type.ts';

/** The arguments of a function with that input, in order: a tuple is spread, `()` and `Void` are none. */
export function argumentTypes(input: Type): readonly Type[] {
  if (input.kind === 'named') return argumentTypes(input.target);
  if (input.kind === 'tuple') return input.items;
  return input.kind === 'unit' || input.kind === 'void' ? [] : [input];
}
