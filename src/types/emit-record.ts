import { colon, type Emit, space } from './emit.ts';
import { emitKeySearch, emitKeyTest, keyBytes } from './emit-key.ts';
import { isOptional } from './is-optional.ts';
import type { Field } from './type.ts';
import type { Strictness } from './validator.ts';

/**
 * V8 makes good code of functions up to some length. Records of at most so many fields have code for the declared order alone; of at most
 * so many have the code of their fields' scalars on the spot. Measured with 10 to 300 Integers, Doubles and Texts.
 */
const mostInOrder = 24;
const mostOnTheSpot = 80;

/**
 * The body of a function that takes a record. First the fields in the declared order, one comparison of bytes each and the scalars on the
 * spot, optional ones passed over where they are missing. From the first key on that is another, members in any order, found by a tree over
 * their bytes; in long records the field after the last one is tried first. A repeated member need not be told apart: where each fits, the
 * last one does.
 */
export function emitRecord(
  fields: readonly Field[],
  strictness: Strictness,
  depth: number,
  emit: Emit,
): string {
  const keys = fields.map((field) => keyBytes(field.name));
  const seen = seenBits(fields);
  const inOrder = fields.length <= mostInOrder;
  const onTheSpot = !inOrder && fields.length <= mostOnTheSpot;
  const next = `
    ${space}
    c = p < n ? b[p] : 0;
    if (c === 125) return ${seen.whole} ? p + 1 : -1;
    if (c !== 44) return -1;
    p++; ${space}`;
  const ordered = fields.map((field, index) => {
    const key = keys[index] ?? [];
    const taken = `p += ${key.length}; ${colon} ${emit.inline(field.type, depth + 1)} ${seen.mark(index)} ${next}`;
    return isOptional(field)
      ? `if (${emitKeyTest(key)}) { ${taken} }`
      : `if (!(${emitKeyTest(key)})) break ordered; ${taken}`;
  });
  const expected = keys.map(
    (key, index) => `case ${index}: if (${emitKeyTest(key)}) { f = ${index}; p += ${key.length}; } break;`,
  );
  const values = fields.map((field, index) => {
    const call = `p = ${emit.call(field.type, depth + 1)}; if (p < 0) return -1;`;
    return `case ${index}: ${onTheSpot ? emit.inline(field.type, depth + 1) : call} ${seen.mark(index)} break;`;
  });
  return `if (p >= n || b[p] !== 123) return -1;
    p++; ${space}
    ${seen.declare}
    if (p < n && b[p] === 125) return ${seen.whole} ? p + 1 : -1;
    ${inOrder ? `ordered: { ${ordered.join('\n')} }` : ''}
    let f = -1;
    for (;;) {
      ${inOrder ? 'f = -1;' : `const next = f + 1; f = -1; switch (next) { ${expected.join('\n')} }`}
      if (f < 0) { ${emitKeySearch(keys)} }
      if (f < 0) { ${strictness === 'result' ? 'return -1;' : unknownKey} }
      ${colon}
      switch (f) {
        ${values.join('\n')}
        default: p = scanValue(b, p, n, ${depth + 1}); if (p < 0) return -1;
      }
      ${next}
    }`;
}

/** A key with an escape might be the name of a field, spelt otherwise: the slow check knows. */
const unknownKey = `if (p >= n || b[p] !== 34) return -1;
  p++;
  while (p < n && plain[b[p]] === 1) p++;
  if (p >= n || b[p] !== 34) return -1;
  p++;`;

/** Which fields have been seen, 30 in a word. */
function seenBits(fields: readonly Field[]): {
  readonly declare: string;
  readonly mark: (index: number) => string;
  readonly whole: string;
} {
  const masks: number[] = [];
  for (const [index, field] of fields.entries()) {
    const word = Math.floor(index / 30);
    masks[word] = (masks[word] ?? 0) | (isOptional(field) ? 0 : 1 << (index % 30));
  }
  return {
    declare: masks.map((_, word) => `let seen${word} = 0;`).join(' '),
    mark: (index) => `seen${Math.floor(index / 30)} |= ${1 << (index % 30)};`,
    whole: masks.map((mask, word) => `(seen${word} & ${mask}) === ${mask}`).join(' && ') || 'true',
  };
}
