import { deepest, scanAnyNumber, scanBoolean, scanNull, scanString, skipSpace } from './scan-json.ts';

/** A JSON value with its place in the bytes, for the slow check. Members keep their order and their repetitions. */
export type JsonNode = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'string' | 'number' | 'boolean' | 'null' }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | {
      readonly kind: 'object';
      readonly members: readonly { readonly key: string; readonly value: JsonNode }[];
    }
);

/** Where a text stops being JSON. */
export class Malformed extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** Parses the value at `p`, with `depth` containers open around it; throws Malformed. */
export function parseJson(b: Uint8Array, p: number, end: number, depth: number): JsonNode {
  const start = p;
  const scalar = (kind: 'string' | 'number' | 'boolean' | 'null', past: number, what: string): JsonNode => {
    if (past < 0 || past > end) throw new Malformed(start, what);
    return { kind, start, end: past };
  };
  switch (p < end ? b[p] : undefined) {
    case undefined:
      throw new Malformed(p, 'the text ends where a value should be');
    case 0x22:
      return scalar(
        'string',
        scanString(b, p),
        'a string that does not end, or holds a control character or half of a surrogate pair',
      );
    case 0x74:
    case 0x66:
      return scalar('boolean', scanBoolean(b, p), 'no JSON value');
    case 0x6e:
      return scalar('null', scanNull(b, p), 'no JSON value');
    case 0x5b:
      return parseArray(b, p, end, depth + 1);
    case 0x7b:
      return parseObject(b, p, end, depth + 1);
    default:
      return scalar('number', scanAnyNumber(b, p), 'no JSON value, or a number out of range');
  }
}

function parseArray(b: Uint8Array, start: number, end: number, depth: number): JsonNode {
  checkDepth(start, depth);
  const items: JsonNode[] = [];
  let p = skipSpace(b, start + 1);
  if (b[p] === 0x5d) return { kind: 'array', start, end: p + 1, items };
  for (;;) {
    const item = parseJson(b, p, end, depth);
    items.push(item);
    p = skipSpace(b, item.end);
    if (p < end && b[p] === 0x5d) return { kind: 'array', start, end: p + 1, items };
    if (p >= end || b[p] !== 0x2c) throw new Malformed(p, 'a comma or ] should be here');
    p = skipSpace(b, p + 1);
  }
}

function parseObject(b: Uint8Array, start: number, end: number, depth: number): JsonNode {
  checkDepth(start, depth);
  const members: { key: string; value: JsonNode }[] = [];
  let p = skipSpace(b, start + 1);
  if (b[p] === 0x7d) return { kind: 'object', start, end: p + 1, members };
  for (;;) {
    const past = scanString(b, p);
    if (past < 0 || past > end) throw new Malformed(p, 'a key should be here');
    const key = textOf(b, p, past);
    p = skipSpace(b, past);
    if (p >= end || b[p] !== 0x3a) throw new Malformed(p, 'a colon should be here');
    const value = parseJson(b, skipSpace(b, p + 1), end, depth);
    members.push({ key, value });
    p = skipSpace(b, value.end);
    if (p < end && b[p] === 0x7d) return { kind: 'object', start, end: p + 1, members };
    if (p >= end || b[p] !== 0x2c) throw new Malformed(p, 'a comma or } should be here');
    p = skipSpace(b, p + 1);
  }
}

function checkDepth(offset: number, depth: number): void {
  if (depth > deepest) throw new Malformed(offset, `nested deeper than ${deepest}`);
}

/** The text that a JSON string stands for; bytes[start, end) is the string with its quotes, already scanned. */
export function textOf(b: Uint8Array, start: number, end: number): string {
  return JSON.parse(Buffer.from(b.buffer, b.byteOffset + start, end - start).toString('utf8'));
}
