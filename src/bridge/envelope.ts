import { skipSpace } from '../types/index.ts';
import { excerpt } from './excerpt.ts';
import { parseSpan, readMembers, type Span } from './json-spans.ts';

export type Answer =
  | { readonly kind: 'result'; readonly id: number; readonly result: Span }
  | { readonly kind: 'error'; readonly id: number; readonly error: unknown };

/** A frame from a service, its payload not looked at beyond being JSON. `fault`: why it is none, in words that follow "the service". */
export type Envelope =
  | Answer
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown }
  | { readonly kind: 'fault'; readonly message: string };

const known = ['jsonrpc', 'id', 'result', 'error', 'method', 'params'] as const;
/** Bytes of a notification: many times what a log line or a metric needs. */
const longestNotification = 256 * 1024;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads a frame as one JSON-RPC 2.0 message of a service, members in any order. A member that JSON-RPC does not know, or one that is there
 * twice, is a fault: nothing may be smuggled past one end that the other would see.
 */
export function readEnvelope(frame: Buffer): Envelope {
  if (frame.subarray(0, 3).equals(byteOrderMark)) return fault('begins with a byte order mark', frame);
  const members = readMembers(frame, 0, known);
  if ('message' in members) return fault(members.message, frame, members.offset);
  const end = skipSpace(frame, members.end);
  if (end !== frame.length) return fault(`holds more text at byte ${end}`, frame, end);
  const { spans } = members;
  if (parseSpan(frame, spans.get('jsonrpc')) !== '2.0') return fault('has no "jsonrpc": "2.0"', frame);
  if (spans.has('method')) return readNotification(frame, spans);
  const result = spans.get('result');
  if ((result === undefined) === !spans.has('error'))
    return fault(`has ${result === undefined ? 'neither result nor error' : 'both result and error'}`, frame);
  if (spans.has('params')) return fault('is an answer with params', frame);
  const id = readId(frame, spans.get('id'));
  if (typeof id === 'string') return fault(id, frame);
  if (result !== undefined) return { kind: 'result', id, result };
  return { kind: 'error', id, error: parseSpan(frame, spans.get('error')) };
}

/** An id is one the hub gave out, so it looks like one: digits alone. Answers a fault's words otherwise. */
function readId(frame: Buffer, span: Span | undefined): number | string {
  if (span === undefined) return 'has no id';
  const text = frame.toString('latin1', span.start, Math.min(span.end, span.start + 20));
  if (/^(0|[1-9][0-9]{0,14})$/.test(text)) return Number(text);
  return text === 'null'
    ? 'has the id null, as if the hub had asked nonsense'
    : 'has an id that is none of the hub';
}

function readNotification(frame: Buffer, spans: ReadonlyMap<(typeof known)[number], Span>): Envelope {
  if (spans.has('id')) return fault('is a request; a service answers and does not ask', frame);
  const method = parseSpan(frame, spans.get('method'));
  if (typeof method !== 'string' || spans.has('result') || spans.has('error'))
    return fault('is neither an answer nor a notification', frame);
  if (frame.length > longestNotification)
    return fault(`is a notification of more than ${longestNotification} bytes`, frame);
  return { kind: 'notification', method, params: parseSpan(frame, spans.get('params')) };
}

function fault(what: string, frame: Buffer, offset = 0): Envelope {
  return { kind: 'fault', message: `sent a frame that ${what}: ${excerpt(frame, offset)}` };
}
