/*
 * Scanners over bytes (RFC 8259). Each takes the offset of a value's first byte and answers the offset just past the value, or -1 where
 * there is none. They allocate nothing. None looks at its limit: a scan that ran over the end is seen by its caller, whose end it passed.
 * UTF-8 is checked apart; half a surrogate pair, which no UTF-8 can hold, is refused here where an escape spells it.
 */

/** Containers in containers, from the whole value on (DESIGN, table of values). */
export const deepest = 256;

const quote = 0x22;
const backslash = 0x5c;

/** 1 for bytes that stand for themselves inside a string. */
export const plain: Readonly<Uint8Array> = plainBytes();

/** Offset of the first byte that is no white space. */
export function skipSpace(b: Uint8Array, p: number): number {
  let c = b[p];
  while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = b[++p];
  return p;
}

export function scanString(b: Uint8Array, p: number): number {
  if (b[p] !== quote) return -1;
  p++;
  while (plain[b[p] as number] === 1) p++;
  return b[p] === quote ? p + 1 : scanStringRest(b, p);
}

/** The rest of a string from a byte on that does not stand for itself. */
export function scanStringRest(b: Uint8Array, p: number): number {
  for (;;) {
    const c = b[p];
    if (c === quote) return p + 1;
    if (c !== backslash) return -1;
    p = scanEscape(b, p + 1);
    if (p < 0) return -1;
    while (plain[b[p] as number] === 1) p++;
  }
}

/** `p` is the byte after the backslash. A surrogate counts only as half of a pair. */
function scanEscape(b: Uint8Array, p: number): number {
  switch (b[p]) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return p + 1;
    case 0x75: {
      const unit = hex4(b, p + 1);
      if (unit < 0 || (unit >= 0xdc00 && unit <= 0xdfff)) return -1;
      if (unit < 0xd800 || unit > 0xdbff) return p + 5;
      if (b[p + 5] !== backslash || b[p + 6] !== 0x75) return -1;
      const low = hex4(b, p + 7);
      return low >= 0xdc00 && low <= 0xdfff ? p + 11 : -1;
    }
    default:
      return -1;
  }
}

function hex4(b: Uint8Array, p: number): number {
  let value = 0;
  for (let i = p; i < p + 4; i++) {
    const c = b[i] ?? 0;
    const digit =
      c >= 0x30 && c <= 0x39 ? c - 0x30 : (c | 0x20) >= 0x61 && (c | 0x20) <= 0x66 ? (c | 0x20) - 0x57 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

export function scanNull(b: Uint8Array, p: number): number {
  return b[p] === 0x6e && b[p + 1] === 0x75 && b[p + 2] === 0x6c && b[p + 3] === 0x6c ? p + 4 : -1;
}

export function scanBoolean(b: Uint8Array, p: number): number {
  if (b[p] === 0x74) return b[p + 1] === 0x72 && b[p + 2] === 0x75 && b[p + 3] === 0x65 ? p + 4 : -1;
  return b[p] === 0x66 && b[p + 1] === 0x61 && b[p + 2] === 0x6c && b[p + 3] === 0x73 && b[p + 4] === 0x65
    ? p + 5
    : -1;
}

/** The grammar of a number, whatever its size. */
export function scanNumber(b: Uint8Array, p: number): number {
  p = scanDecimal(b, p);
  if (p < 0 || (b[p] !== 0x65 && b[p] !== 0x45)) return p;
  let c = b[++p] as number;
  if (c === 0x2b || c === 0x2d) c = b[++p] as number;
  if (!(c >= 0x30 && c <= 0x39)) return -1;
  do c = b[++p] as number;
  while (c >= 0x30 && c <= 0x39);
  return p;
}

/** A number up to its exponent. */
export function scanDecimal(b: Uint8Array, p: number): number {
  let c = b[p] as number;
  if (c === 0x2d) c = b[++p] as number;
  if (c === 0x30) c = b[++p] as number;
  else {
    if (!(c >= 0x31 && c <= 0x39)) return -1;
    do c = b[++p] as number;
    while (c >= 0x30 && c <= 0x39);
  }
  if (c !== 0x2e) return p;
  c = b[++p] as number;
  if (!(c >= 0x30 && c <= 0x39)) return -1;
  do c = b[++p] as number;
  while (c >= 0x30 && c <= 0x39);
  return p;
}

/** Any JSON value, whatever the size of its numbers; `depth` containers are open around it. */
export function scanValue(b: Uint8Array, p: number, depth: number): number {
  return scanAny(b, p, depth, scanNumber);
}

/** Scans any value; `number` says what numbers may be. */
export function scanAny(
  b: Uint8Array,
  p: number,
  depth: number,
  number: (b: Uint8Array, p: number) => number,
): number {
  const c = b[p];
  if (c === quote) return scanString(b, p);
  if (c === 0x7b) return depth < deepest ? scanObject(b, p, depth + 1, number) : -1;
  if (c === 0x5b) return depth < deepest ? scanItems(b, p, depth + 1, number) : -1;
  if (c === 0x6e) return scanNull(b, p);
  return c === 0x74 || c === 0x66 ? scanBoolean(b, p) : number(b, p);
}

function scanObject(
  b: Uint8Array,
  p: number,
  depth: number,
  number: (b: Uint8Array, p: number) => number,
): number {
  p = skipSpace(b, p + 1);
  if (b[p] === 0x7d) return p + 1;
  for (;;) {
    p = scanString(b, p);
    if (p < 0) return -1;
    if (b[p] !== 0x3a) {
      p = skipSpace(b, p);
      if (b[p] !== 0x3a) return -1;
    }
    if ((b[++p] as number) <= 0x20) p = skipSpace(b, p);
    p = scanAny(b, p, depth, number);
    if (p < 0) return -1;
    let c = b[p] as number;
    if (c <= 0x20) {
      p = skipSpace(b, p);
      c = b[p] as number;
    }
    if (c === 0x7d) return p + 1;
    if (c !== 0x2c) return -1;
    if ((b[++p] as number) <= 0x20) p = skipSpace(b, p);
  }
}

function scanItems(
  b: Uint8Array,
  p: number,
  depth: number,
  number: (b: Uint8Array, p: number) => number,
): number {
  p = skipSpace(b, p + 1);
  if (b[p] === 0x5d) return p + 1;
  for (;;) {
    p = scanAny(b, p, depth, number);
    if (p < 0) return -1;
    let c = b[p] as number;
    if (c <= 0x20) {
      p = skipSpace(b, p);
      c = b[p] as number;
    }
    if (c === 0x5d) return p + 1;
    if (c !== 0x2c) return -1;
    if ((b[++p] as number) <= 0x20) p = skipSpace(b, p);
  }
}

function plainBytes(): Uint8Array {
  const bytes = new Uint8Array(256).fill(1, 0x20);
  bytes[quote] = 0;
  bytes[backslash] = 0;
  return bytes;
}
