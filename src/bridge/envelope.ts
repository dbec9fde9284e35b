import { scanString, scanValue, skipSpace } from '../types/index.ts';
import { excerpt } from './frame-reader.ts';

/** Where a member's value lies in the frame. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Answer =
  | { readonly kind: 'result'; readonly id: number; readonly result: Span }
  | { readonly kind: 'error'; readonly id: number; readonly error: unknown };

/** A frame from a service, its payloads not looked at beyond being JSON. */
export type Envelope =
  | Answer
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'fault'; readonly message: string };

const known = new Set(['jsonrpc', 'id', 'result', 'error', 'method', 'params']);

/**
 * Reads a frame as one JSON-RPC 2.0 message of a service, members in any order. A member that JSON-RPC does not know, or one that is there
 * twice, is a fault: nothing may be smuggled past one end that the other would see.
 */
export function readEnvelope(frame: Buffer): Envelope {
  const members = readMembers(frame, 0);
  if (members === undefined || skipSpace(frame, members.end) !== frame.length)
    return fault('that is no JSON object', frame);
  const { spans } = members;
  for (const key of spans.keys())
    if (!known.has(key)) return fault(`with the unknown member ${JSON.stringify(key)}`, frame);
  if (members.repeated !== undefined)
    return fault(`with the member ${JSON.stringify(members.repeated)} twice`, frame);
  const value = (key: string) => parseSpan(frame, spans.get(key));
  if (value('jsonrpc') !== '2.0') return fault('without "jsonrpc": "2.0"', frame);
  const id = value('id');
  if (spans.has('method')) return readNotification(frame, spans, value);
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0)
    return fault('without an id that is a whole number', frame);
  const result = spans.get('result');
  if ((result === undefined) === !spans.has('error'))
    return fault('with not exactly one of result and error', frame);
  return result === undefined ? { kind: 'error', id, error: value('error') } : { kind: 'result', id, result };
}

function readNotification(
  frame: Buffer,
  spans: ReadonlyMap<string, Span>,
  value: (key: string) => unknown,
): Envelope {
  const method = value('method');
  if (spans.has('id')) return fault('that is a request; a service only answers', frame);
  if (typeof method !== 'string' || spans.has('result') || spans.has('error'))
    return fault('that is no notification', frame);
  return { kind: 'notification', method, params: value('params') };
}

interface Members {
  readonly spans: ReadonlyMap<string, Span>;
  readonly repeated: string | undefined;
  /** Offset just past the object. */
  readonly end: number;
}

/** The members of the object that begins at `p` (white space before it allowed); undefined where there is no well-formed object. */
export function readMembers(frame: Buffer, start: number): Members | undefined {
  const spans = new Map<string, Span>();
  let repeated: string | undefined;
  let p = skipSpace(frame, start);
  if (frame[p] !== 0x7b) return undefined;
  p = skipSpace(frame, p + 1);
  if (frame[p] === 0x7d) return { spans, repeated, end: p + 1 };
  for (;;) {
    const keyEnd = scanString(frame, p);
    if (keyEnd < 0) return undefined;
    const key: string = JSON.parse(frame.toString('utf8', p, keyEnd));
    p = skipSpace(frame, keyEnd);
    if (frame[p] !== 0x3a) return undefined;
    const valueStart = skipSpace(frame, p + 1);
    // Payloads are nested in what the protocol wraps around them; their own depth is checked with their type.
    const valueEnd = scanValue(frame, valueStart, -wrapped);
    if (valueEnd < 0) return undefined;
    if (spans.has(key)) repeated ??= key;
    spans.set(key, { start: valueStart, end: valueEnd });
    p = skipSpace(frame, valueEnd);
    if (frame[p] === 0x7d) return { spans, repeated, end: p + 1 };
    if (frame[p] !== 0x2c) return undefined;
    p = skipSpace(frame, p + 1);
  }
}

/** Containers that the protocol puts around a payload at most: result, items. */
const wrapped = 3;

export function parseSpan(frame: Buffer, span: Span | undefined): unknown {
  return span === undefined ? undefined : JSON.parse(frame.toString('utf8', span.start, span.end));
}

function fault(what: string, frame: Buffer): Envelope {
  return { kind: 'fault', message: `sent a frame ${what}: ${excerpt(frame)}` };
}
