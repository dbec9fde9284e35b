import { keyBytes } from './emit-key.ts';
import { isOptional } from './is-optional.ts';
import { scanString, scanValue, skipSpace } from './scan-json.ts';
import type { Field } from './type.ts';
import type { Strictness } from './validator.ts';

/** Records with more fields than this are not written out as code, which would be too long for V8 to optimise. */
export const widestInline = 300;

/** Answers the offset just past what it takes at `p`, or -1 where it is not sure that it stands there before `end`. */
export type Take = (bytes: Uint8Array, p: number, end: number) => number;

/**
 * Takes records of many fields: the key that is expected next is compared first, any other is found by a hash of its bytes. `accept` takes
 * the value of each field. What it remembers of a record is overwritten by the next one.
 */
export function createWideRecord(
  fields: readonly Field[],
  accept: readonly Take[],
  strictness: Strictness,
  depth: number,
): Take {
  const keys = fields.map((field) => Buffer.from(keyBytes(field.name)));
  const required = fields.flatMap((field, index) => (isOptional(field) ? [] : [index]));
  const table = hashTable(keys);
  /** In which record each field was seen last. */
  const seen = new Float64Array(fields.length);
  let record = 0;

  return (b, p, n) => {
    if (p >= n || b[p] !== 0x7b) return -1;
    record++;
    let next = 0;
    p = skipSpace(b, p + 1, n);
    if (p < n && b[p] === 0x7d) return required.length === 0 ? p + 1 : -1;
    for (;;) {
      const end = keyEnd(b, p, n);
      if (end < 0) return -1;
      const field = isKey(b, p, end, keys[next]) ? next : find(b, p, end);
      p = skipSpace(b, end, n);
      if (p >= n || b[p] !== 0x3a) return -1;
      p = skipSpace(b, p + 1, n);
      const take = accept[field];
      if (take !== undefined) {
        p = take(b, p, n);
        seen[field] = record;
        next = field + 1;
      } else {
        if (strictness === 'result') return -1;
        p = scanValue(b, p, n, depth + 1);
      }
      if (p < 0) return -1;
      p = skipSpace(b, p, n);
      const c = p < n ? b[p] : 0;
      if (c === 0x7d) return required.every((index) => seen[index] === record) ? p + 1 : -1;
      if (c !== 0x2c) return -1;
      p = skipSpace(b, p + 1, n);
    }
  };

  function find(b: Uint8Array, p: number, end: number): number {
    for (let slot = hash(b, p, end) & (table.length - 1); ; slot = (slot + 1) & (table.length - 1)) {
      const index = table[slot] ?? -1;
      if (index < 0 || isKey(b, p, end, keys[index])) return index;
    }
  }
}

/** Offset past the key, or -1 where it has an escape: it might be the name of a field spelt otherwise, which the slow check knows. */
function keyEnd(b: Uint8Array, p: number, n: number): number {
  const end = scanString(b, p, n);
  for (let at = p; at < end; at++) if (b[at] === 0x5c) return -1;
  return end;
}

function isKey(b: Uint8Array, p: number, end: number, key: Uint8Array | undefined): boolean {
  if (key === undefined || end - p !== key.length) return false;
  for (let index = 0; index < key.length; index++) if (b[p + index] !== key[index]) return false;
  return true;
}

/** Open addressing, at most half full: the index of a key, or -1. */
function hashTable(keys: readonly Uint8Array[]): Int32Array {
  const table = new Int32Array(2 ** Math.ceil(Math.log2(keys.length * 2))).fill(-1);
  for (const [index, key] of keys.entries()) {
    let slot = hash(key, 0, key.length) & (table.length - 1);
    while (table[slot] !== -1) slot = (slot + 1) & (table.length - 1);
    table[slot] = index;
  }
  return table;
}

/** FNV-1a, 32 bits. */
function hash(b: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let p = start; p < end; p++) value = Math.imul(value ^ (b[p] as number), 0x01000193);
  return value >>> 0;
}
