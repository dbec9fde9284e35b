import { skipSpace } from '../types/index.ts';

/** Where a value lies in a frame. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Why bytes are not what was looked for, and where. */
export interface SpanFault {
  readonly message: string;
  readonly offset: number;
}

export interface Members<Name extends string> {
  readonly spans: ReadonlyMap<Name, Span>;
  /** Offset just past the object. */
  readonly end: number;
}

/** Containers in containers, far beyond what any message may have: how deep a frame is looked into before it is malformed. */
const deepest = 10_000;
/** Bytes of the longest known name with every character escaped, quotes included. */
const longestKey = 64;

/**
 * The members of the object that begins at or after `start`, by name. A member that is not `known`, or is there twice, is a fault: what one
 * end of a bridge overlooks, the other might act on.
 */
export function readMembers<Name extends string>(
  frame: Buffer,
  start: number,
  known: readonly Name[],
): Members<Name> | SpanFault {
  const spans = new Map<Name, Span>();
  let p = skipSpace(frame, start);
  if (frame[p] !== 0x7b) return { message: 'is no JSON object', offset: p };
  p = skipSpace(frame, p + 1);
  if (frame[p] === 0x7d) return { spans, end: p + 1 };
  for (;;) {
    const keyEnd = skipString(frame, p);
    if (keyEnd < 0) return malformed(~keyEnd);
    const key = keyEnd - p > longestKey ? undefined : textOf(frame, p, keyEnd);
    const name = known.find((one) => one === key);
    if (name === undefined)
      return { message: `has the unknown member ${shortKey(frame, p, keyEnd)}`, offset: p };
    if (spans.has(name)) return { message: `has the member "${name}" twice`, offset: p };
    p = skipSpace(frame, keyEnd);
    if (frame[p] !== 0x3a) return malformed(p);
    const valueStart = skipSpace(frame, p + 1);
    const valueEnd = skipValue(frame, valueStart);
    if (valueEnd < 0) return malformed(~valueEnd);
    spans.set(name, { start: valueStart, end: valueEnd });
    p = skipSpace(frame, valueEnd);
    if (frame[p] === 0x7d) return { spans, end: p + 1 };
    if (frame[p] !== 0x2c) return malformed(p);
    p = skipSpace(frame, p + 1);
  }
}

/** The elements of the array in frame[start, end), which has been skipped as a value before. */
export function readElements(frame: Buffer, { start }: Span): readonly Span[] {
  const elements: Span[] = [];
  let p = skipSpace(frame, start + 1);
  while (frame[p] !== 0x5d) {
    const end = skipValue(frame, p);
    elements.push({ start: p, end });
    p = skipSpace(frame, end);
    if (frame[p] === 0x2c) p = skipSpace(frame, p + 1);
  }
  return elements;
}

export function parseSpan(frame: Buffer, span: Span | undefined): unknown {
  return span === undefined ? undefined : JSON.parse(frame.toString('utf8', span.start, span.end));
}

/**
 * The offset just past the JSON value at `p`, or the complement (`~`) of the offset where it is malformed. Form alone is looked at (RFC 8259):
 * what a value may hold is its type's matter. A loop, not a recursion, so that nesting cannot exhaust the stack.
 */
export function skipValue(b: Uint8Array, p: number): number {
  const closers: number[] = [];
  for (;;) {
    const c = b[p];
    if (c === 0x7b || c === 0x5b) {
      const closer = c + 2;
      p = skipSpace(b, p + 1);
      if (b[p] === closer) p++;
      else {
        if (closers.length === deepest) return ~p;
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

function skipString(b: Uint8Array, p: number): number {
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

function textOf(frame: Buffer, start: number, end: number): string {
  return JSON.parse(frame.toString('utf8', start, end));
}

function shortKey(frame: Buffer, start: number, end: number): string {
  return end - start > longestKey
    ? `${frame.toString('latin1', start, start + 32)}...`
    : JSON.stringify(textOf(frame, start, end));
}

function malformed(offset: number): SpanFault {
  return { message: `is no JSON at byte ${offset}`, offset };
}
