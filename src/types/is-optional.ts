import type { Field, Type } from './type.ts';

/** Whether a field may be left out: its type is `optional T`, or a name for that. */
export function isOptional(field: Field | undefined): boolean {
  return field !== undefined && isOptionalType(field.type);
}

export function isOptionalType(type: Type): boolean {
  return type.kind === 'named' ? isOptionalType(type.target) : type.kind === 'optional';
}
