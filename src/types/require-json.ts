import { deepest, plain, scanBoolean, scanNull, scanNumber, scanString, skipSpace } from './scan-json.ts';

/** Where a text stops being JSON, and why. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/**
 * The offset just past the JSON value at `p`, with `depth` containers open around it; throws Malformed. It says what `scanValue` only
 * answers -1 to. The text ends where the bytes end.
 */
export function requireJson(b: Uint8Array, p: number, depth: number): number {
  switch (b[p]) {
    case undefined:
      throw new Malformed(p, 'the text ends where a value should be');
    case 0x22:
      return requireString(b, p);
    case 0x5b:
    case 0x7b:
      if (depth >= deepest) throw new Malformed(p, `nested more than ${deepest} deep`);
      return b[p] === 0x7b ? requireMembers(b, p, depth + 1) : requireItems(b, p, depth + 1);
    case 0x74:
    case 0x66:
      return require(p, scanBoolean(b, p, b.length), 'no JSON value');
    case 0x6e:
      return require(p, scanNull(b, p, b.length), 'no JSON value');
    default:
      return requireNumber(b, p);
  }
}

function requireItems(b: Uint8Array, start: number, depth: number): number {
  let p = skipSpace(b, start + 1);
  if (b[p] === 0x5d) return p + 1;
  for (;;) {
    p = skipSpace(b, requireJson(b, p, depth));
    if (b[p] === 0x5d) return p + 1;
    if (b[p] !== 0x2c)
      throw new Malformed(p, b[p] === undefined ? 'an array does not end' : 'expected , or ]');
    p = skipSpace(b, p + 1);
  }
}

function requireMembers(b: Uint8Array, start: number, depth: number): number {
  let p = skipSpace(b, start + 1);
  if (b[p] === 0x7d) return p + 1;
  for (;;) {
    if (b[p] !== 0x22)
      throw new Malformed(p, b[p] === undefined ? 'an object does not end' : 'expected a key in quotes');
    p = skipSpace(b, requireString(b, p));
    if (b[p] !== 0x3a) throw new Malformed(p, 'expected : after a key');
    p = skipSpace(b, requireJson(b, skipSpace(b, p + 1), depth));
    if (b[p] === 0x7d) return p + 1;
    if (b[p] !== 0x2c)
      throw new Malformed(p, b[p] === undefined ? 'an object does not end' : 'expected , or }');
    p = skipSpace(b, p + 1);
  }
}

function requireNumber(b: Uint8Array, p: number): number {
  const end = scanNumber(b, p, b.length);
  const c = b[p] ?? 0;
  const begins = c === 0x2d || (c >= 0x30 && c <= 0x39);
  if (end < 0) throw new Malformed(p, begins ? 'no JSON number' : 'no JSON value');
  const next = b[end] ?? 0;
  if (next >= 0x30 && next <= 0x39) throw new Malformed(p, 'a number begins with 0');
  return end;
}

function requireString(b: Uint8Array, start: number): number {
  const end = scanString(b, start, b.length);
  if (end >= 0) return end;
  let p = start + 1;
  for (;;) {
    while (plain[b[p] ?? 0] === 1) p++;
    if (b[p] === undefined) throw new Malformed(start, 'a string does not end');
    if (b[p] !== 0x5c) throw new Malformed(p, 'a control character in a string');
    // The escape that the scan refused is the first that does not make a string of its own.
    const length = [2, 6, 12].find((bytes) => isString(quoted(b, p, bytes)));
    if (length !== undefined) p += length;
    else if (/^\\u[0-9a-f]{4}/i.test(Buffer.from(b.subarray(p, p + 6)).toString('latin1'))) {
      throw new Malformed(p, 'half of a surrogate pair in a string');
    } else throw new Malformed(p, 'no JSON escape in a string');
  }
}

function isString(b: Uint8Array): boolean {
  return scanString(b, 0, b.length) === b.length;
}

function quoted(b: Uint8Array, p: number, length: number): Uint8Array {
  return Buffer.concat([Buffer.from('"'), b.subarray(p, p + length), Buffer.from('"')]);
}

function require(p: number, end: number, message: string): number {
  if (end < 0) throw new Malformed(p, message);
  return end;
}
