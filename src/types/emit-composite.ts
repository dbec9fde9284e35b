import { emitKeySearch, emitKeyTest, keyBytes } from './emit-key.ts';
import { isOptional } from './is-optional.ts';
import type { Case, Field, Type } from './type.ts';
import type { Strictness } from './validator.ts';

export type Composite = Extract<Type, { readonly kind: 'list' | 'map' | 'tuple' | 'record' | 'sum' }>;

/** Code for a value of some type at `p` with `depth` containers around it. */
export interface Emit {
  /** Statements that move `p` past the value or return -1. */
  inline(type: Type, depth: number): string;
  /** An expression: the offset past the value, or -1. */
  call(type: Type, depth: number): string;
}

/** Moves `p` past white space, for which the quick test needs one comparison where there is none. */
export const space = 'if (b[p] <= 32) p = skipSpace(b, p);';

/** A function that takes a value of a type made of others. */
export function emitComposite(
  name: string,
  type: Composite,
  strictness: Strictness,
  depth: number,
  emit: Emit,
): string {
  return `function ${name}(b, p) {
    let c = 0, q = 0;
    ${body(type, strictness, depth, emit)}
  }`;
}

function body(type: Composite, strictness: Strictness, depth: number, emit: Emit): string {
  switch (type.kind) {
    case 'list':
      return series('[', emit.inline(type.item, depth + 1));
    case 'map': {
      const key = `p = scanString(b, p); if (p < 0) return -1; ${colon}`;
      return series('{', `${key} ${emit.inline(type.item, depth + 1)}`);
    }
    case 'tuple':
      return tuple(type.items.map((item) => emit.inline(item, depth + 1)));
    case 'record':
      return record(type.fields, strictness, depth, emit);
    case 'sum':
      return sum(type.cases, depth, emit);
    default:
      return type satisfies never;
  }
}

const colon = `${space} if (b[p] !== 58) return -1; p++; ${space}`;

function series(opening: '[' | '{', element: string): string {
  const open = opening.charCodeAt(0);
  return `if (b[p] !== ${open}) return -1;
    p++; ${space}
    if (b[p] === ${open + 2}) return p + 1;
    for (;;) {
      ${element}
      ${space}
      c = b[p];
      if (c === ${open + 2}) return p + 1;
      if (c !== 44) return -1;
      p++; ${space}
    }`;
}

function tuple(items: readonly string[]): string {
  const comma = `if (b[p] !== 44) return -1; p++; ${space}`;
  return `if (b[p] !== 91) return -1;
    p++; ${space}
    ${items.map((item) => `${item} ${space}`).join(comma)}
    return b[p] === 93 ? p + 1 : -1;`;
}

/** More than one member, or a name that is spelt otherwise, goes to the slow check. */
function sum(cases: readonly Case[], depth: number, emit: Emit): string {
  const keys = cases.map((part) => keyBytes(part.name));
  const payloads = cases.map((part, index) => `case ${index}: ${emit.inline(part.type, depth + 1)} break;`);
  return `if (b[p] !== 123) return -1;
    p++; ${space}
    let f = -1;
    ${emitKeySearch(keys)}
    if (f < 0) return -1;
    ${colon}
    switch (f) { ${payloads.join('\n')} }
    ${space}
    return b[p] === 125 ? p + 1 : -1;`;
}

/**
 * First the fields in the declared order, one comparison of bytes each, optional ones passed over where they are missing. From the first
 * key on that is another, members in any order. A repeated member need not be told apart: where each fits, the last one does.
 */
function record(fields: readonly Field[], strictness: Strictness, depth: number, emit: Emit): string {
  const keys = fields.map((field) => keyBytes(field.name));
  const bits = fields.map((_, index) => ({ word: `seen${Math.floor(index / 30)}`, bit: 1 << (index % 30) }));
  const words = [...new Set(bits.map(({ word }) => word))];
  const required = words.map((word) => {
    const mask = bits.reduce(
      (sum, one, index) => (one.word === word && !isOptional(fields[index]) ? sum | one.bit : sum),
      0,
    );
    return `(${word} & ${mask}) === ${mask}`;
  });
  const whole = required.length === 0 ? 'true' : required.join(' && ');
  const expected = fields.map((field, index) => {
    const taken = `p += ${keys[index]?.length};
      if (b[p] !== 58) { ${space} if (b[p] !== 58) return -1; }
      p++; ${space}
      ${emit.inline(field.type, depth + 1)}
      ${bits[index]?.word} |= ${bits[index]?.bit};
      ${space}
      c = b[p];
      if (c === 125) return ${whole} ? p + 1 : -1;
      if (c !== 44) return -1;
      p++; ${space}`;
    const test = emitKeyTest(keys[index] ?? []);
    return isOptional(field) ? `if (${test}) { ${taken} }` : `if (!(${test})) break ordered; ${taken}`;
  });
  const values = fields.map(
    (field, index) =>
      `case ${index}: p = ${emit.call(field.type, depth + 1)}; ${bits[index]?.word} |= ${bits[index]?.bit}; break;`,
  );
  return `if (b[p] !== 123) return -1;
    p++; ${space}
    ${words.map((word) => `let ${word} = 0;`).join(' ')}
    if (b[p] === 125) return ${whole} ? p + 1 : -1;
    ordered: { ${expected.join('\n')} }
    for (;;) {
      let f = -1;
      ${emitKeySearch(keys)}
      if (f < 0) { ${strictness === 'result' ? 'return -1;' : unknownKey} }
      ${colon}
      switch (f) {
        ${values.join('\n')}
        default: p = scanValue(b, p, ${depth + 1});
      }
      if (p < 0) return -1;
      ${space}
      c = b[p];
      if (c === 125) return ${whole} ? p + 1 : -1;
      if (c !== 44) return -1;
      p++; ${space}
    }`;
}

/** A key with an escape might be the name of a field, spelt otherwise: the slow check knows. */
const unknownKey = `if (b[p] !== 34) return -1;
  p++;
  while (plain[b[p]] === 1) p++;
  if (b[p] !== 34) return -1;
  p++;`;
