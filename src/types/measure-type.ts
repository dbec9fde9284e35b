import type { Type } from './type.ts';

/** How deep a type is nested and how many parts it has, every name replaced by what it stands for. A scalar measures 1 and 1. */
export function measure(type: Type): { readonly depth: number; readonly size: number } {
  let [depth, size] = [0, 1];
  for (const part of partsOf(type)) {
    const inner = measure(part);
    depth = Math.max(depth, inner.depth);
    size += inner.size;
  }
  return type.kind === 'named' ? { depth, size: size - 1 } : { depth: depth + 1, size };
}

/** The types that a type is made of directly. */
export function partsOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'named':
      return [type.target];
    case 'list':
    case 'map':
    case 'optional':
      return [type.item];
    case 'tuple':
      return type.items;
    case 'record':
      return type.fields.map((field) => field.type);
    case 'sum':
      return type.cases.map((part) => part.type);
    default:
      return [];
  }
}
