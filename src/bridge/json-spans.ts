import { skipSpace } from '../types/index.ts';
import { skipString, skipValue } from './skip-value.ts';

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

/** Bytes of the longest known name with every character escaped, quotes included. */
const longestKey = 64;

/**
 * The members of the object that begins at or after `start`, by name. A member that is not `known`, or is there twice, is a fault: what one
 * end of a bridge overlooks, the other might act on. `inside`: some members and the comma behind them were read, and others follow.
 */
export function readMembers<Name extends string>(
  frame: Buffer,
  start: number,
  known: readonly Name[],
  from: 'brace' | 'inside' = 'brace',
): Members<Name> | SpanFault {
  const spans = new Map<Name, Span>();
  let p = skipSpace(frame, start);
  if (from === 'brace') {
    if (frame[p] !== 0x7b) return { message: 'is no JSON object', offset: p };
    p = skipSpace(frame, p + 1);
    if (frame[p] === 0x7d) return { spans, end: p + 1 };
  }
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

/**
 * The elements of the array in frame[start, end), which has been skipped as a value before. Of more than `most` elements it gives one more: a
 * flood of them costs nothing.
 */
export function readElements(frame: Buffer, { start }: Span, most: number): readonly Span[] {
  const elements: Span[] = [];
  let p = skipSpace(frame, start + 1);
  while (frame[p] !== 0x5d && elements.length <= most) {
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
