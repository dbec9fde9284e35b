import { skipSpace } from '../types/index.ts';

/** Containers in containers, far beyond what any message may have: how deep a frame is looked into before it is malformed. */
const deepest = 10_000;

/**
 * The offset just past the JSON value at `p`, or the complement (`~`) of the offset where it is malformed. Form alone is looked at (RFC 8259):
 * what a value may hold is its type's matter. A loop, not a recursion, so that nesting cannot exhaust the stack.
 */
export function skipValue(b: Uint8Array, p: number): number {
  const closers: number[] = [];
  for (;;) {
    const c = b[p];
    if (c === 0x7b || c === 0x5b) {
      if (closers.length === deepest) return ~p;
      const closer = c + 2;
      p = skipSpace(b, p + 1);
      if (b[p] === closer) p++;
      else {
        closers.push(closer);
        if (closer === 0x7d) p = skipKey(b, p);
        if (p < 0) return p;
        continue;
      }
    } else p = skipScalar(b, p);
    if (p < 0) return p;
    for (;;) {
      const closer = closers.at(-1);
      if (closer === undefined) return p;
      p = skipSpace(b, p);
      if (b[p] === closer) {
        closers.pop();
        p++;
        continue;
      }
      if (b[p] !== 0x2c) return ~p;
      p = skipSpace(b, p + 1);
      if (closer === 0x7d) p = skipKey(b, p);
      if (p < 0) return p;
      break;
    }
  }
}

/** A key, its colon and the white space around it. */
function skipKey(b: Uint8Array, p: number): number {
  p = skipString(b, p);
  if (p < 0) return p;
  p = skipSpace(b, p);
  return b[p] === 0x3a ? skipSpace(b, p + 1) : ~p;
}

/** The same for a string alone. */
export function skipString(b: Uint8Array, p: number): number {
  if (b[p] !== 0x22) return ~p;
  p++;
  for (;;) {
    let c = b[p];
    while (c !== undefined && c >= 0x20 && c !== 0x22 && c !== 0x5c) c = b[++p];
    if (c === 0x22) return p + 1;
    if (c !== 0x5c) return ~p;
    c = b[p + 1];
    if (c === undefined) return ~p;
    if (c === 0x75) {
      for (let i = p + 2; i < p + 6; i++) if (!isHex(b[i])) return ~i;
      p += 6;
    } else if (simpleEscapes.includes(c)) p += 2;
    else return ~(p + 1);
  }
}

const simpleEscapes: readonly number[] = [...Buffer.from('"\\/bfnrt')];

function isHex(c: number | undefined): boolean {
  return c !== undefined && ((c >= 0x30 && c <= 0x39) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66));
}

function skipScalar(b: Uint8Array, p: number): number {
  switch (b[p]) {
    case 0x22:
      return skipString(b, p);
    case 0x74:
      return skipWord(b, p, 'true');
    case 0x66:
      return skipWord(b, p, 'false');
    case 0x6e:
      return skipWord(b, p, 'null');
    default:
      return skipNumber(b, p);
  }
}

function skipWord(b: Uint8Array, p: number, word: string): number {
  for (let i = 0; i < word.length; i++) if (b[p + i] !== word.charCodeAt(i)) return ~(p + i);
  return p + word.length;
}

function skipNumber(b: Uint8Array, p: number): number {
  if (b[p] === 0x2d) p++;
  if (b[p] === 0x30) p++;
  else p = skipDigits(b, p);
  if (p >= 0 && b[p] === 0x2e) p = skipDigits(b, p + 1);
  if (p >= 0 && (b[p] === 0x65 || b[p] === 0x45))
    p = skipDigits(b, b[p + 1] === 0x2b || b[p + 1] === 0x2d ? p + 2 : p + 1);
  return p;
}

/** At least one. */
function skipDigits(b: Uint8Array, p: number): number {
  const first = p;
  for (let c = b[p]; c !== undefined && c >= 0x30 && c <= 0x39; c = b[++p]);
  return p > first ? p : ~p;
}
