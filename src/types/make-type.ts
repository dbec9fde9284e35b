import type { Case, Field, ScalarKind, Type } from './type.ts';

/** Makers of types as plain, frozen data. They check nothing: what users write goes through `parseApi`, `parseType` or `fromJsonSchema`. */
export const scalar = (kind: ScalarKind): Type => Object.freeze({ kind });
export const listOf = (item: Type): Type => Object.freeze({ kind: 'list', item });
export const optionalOf = (item: Type): Type => Object.freeze({ kind: 'optional', item });
export const mapOf = (item: Type): Type => Object.freeze({ kind: 'map', item });
export const tupleOf = (items: readonly Type[]): Type =>
  Object.freeze({ kind: 'tuple', items: Object.freeze([...items]) });
export const recordOf = (fields: readonly Field[]): Type =>
  Object.freeze({ kind: 'record', fields: frozenEach(fields) });
export const sumOf = (cases: readonly Case[]): Type =>
  Object.freeze({ kind: 'sum', cases: frozenEach(cases) });
export const named = (name: string, target: Type): Type => Object.freeze({ kind: 'named', name, target });

function frozenEach<T extends Field>(parts: readonly T[]): readonly T[] {
  return Object.freeze(parts.map((part) => Object.freeze({ ...part })));
}
