import { colon, type Emit, space } from './emit.ts';
import { emitKeySearch, keyBytes } from './emit-key.ts';
import { emitRecord } from './emit-record.ts';
import type { Case, Type } from './type.ts';
import type { Strictness } from './validator.ts';

export type Composite = Extract<Type, { readonly kind: 'list' | 'map' | 'tuple' | 'record' | 'sum' }>;

/** A function that takes a value of a type made of others. */
export function emitComposite(
  name: string,
  type: Composite,
  strictness: Strictness,
  depth: number,
  emit: Emit,
): string {
  return `function ${name}(b, p, n) {
    let c = 0, q = 0;
    ${body(type, strictness, depth, emit)}
  }`;
}

function body(type: Composite, strictness: Strictness, depth: number, emit: Emit): string {
  switch (type.kind) {
    case 'list':
      return series('[', emit.inline(type.item, depth + 1));
    case 'map': {
      const key = `p = scanString(b, p, n); if (p < 0) return -1; ${colon}`;
      return series('{', `${key} ${emit.inline(type.item, depth + 1)}`);
    }
    case 'tuple':
      return tuple(type.items.map((item) => emit.inline(item, depth + 1)));
    case 'record':
      return emitRecord(type.fields, strictness, depth, emit);
    case 'sum':
      return sum(type.cases, depth, emit);
    default:
      return type satisfies never;
  }
}

function series(opening: '[' | '{', element: string): string {
  const open = opening.charCodeAt(0);
  return `if (p >= n || b[p] !== ${open}) return -1;
    p++; ${space}
    if (p < n && b[p] === ${open + 2}) return p + 1;
    for (;;) {
      ${element}
      ${space}
      c = p < n ? b[p] : 0;
      if (c === ${open + 2}) return p + 1;
      if (c !== 44) return -1;
      p++; ${space}
    }`;
}

function tuple(items: readonly string[]): string {
  const comma = `if (p >= n || b[p] !== 44) return -1; p++; ${space}`;
  return `if (p >= n || b[p] !== 91) return -1;
    p++; ${space}
    ${items.map((item) => `${item} ${space}`).join(comma)}
    return p < n && b[p] === 93 ? p + 1 : -1;`;
}

/** More than one member, or a name that is spelt otherwise, goes to the slow check. */
function sum(cases: readonly Case[], depth: number, emit: Emit): string {
  const keys = cases.map((part) => keyBytes(part.name));
  const payloads = cases.map((part, index) => `case ${index}: ${emit.inline(part.type, depth + 1)} break;`);
  return `if (p >= n || b[p] !== 123) return -1;
    p++; ${space}
    let f = -1;
    ${emitKeySearch(keys)}
    if (f < 0) return -1;
    ${colon}
    switch (f) { ${payloads.join('\n')} }
    ${space}
    return p < n && b[p] === 125 ? p + 1 : -1;`;
}
