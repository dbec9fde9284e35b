/*
 * Scanners over bytes (RFC 8259). Each takes the offset of a value's first byte and the offset `n` where the text ends, and answers the
 * offset just past the value, or -1 where there is none. They allocate nothing, and never read at `n` or beyond: V8 makes code that has
 * once read past the end of its array several times as slow for good, so that one cut-off message would slow down all that follow.
 * UTF-8 is checked apart; half a surrogate pair, which no UTF-8 can hold, is refused here where an escape spells it.
 */

/** Containers in containers, from the whole value on (DESIGN, table of values). */
export const deepest = 256;

const quote = 0x22;
const backslash = 0x5c;

/** 1 for bytes that stand for themselves inside a string. */
export const plain: Readonly<Uint8Array> = plainBytes();

/** Offset of the first byte that is no white space. */
export function skipSpace(b: Uint8Array, p: number, n: number = b.length): number {
  while (p < n && isSpace(b[p] as number)) p++;
  return p;
}

function isSpace(c: number): boolean {
  return c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;
}

export function scanString(b: Uint8Array, p: number, n: number): number {
  if (p >= n || b[p] !== quote) return -1;
  p++;
  while (p < n && plain[b[p] as number] === 1) p++;
  return p < n && b[p] === quote ? p + 1 : scanStringRest(b, p, n);
}

/** The rest of a string from a byte on that does not stand for itself. */
export function scanStringRest(b: Uint8Array, p: number, n: number): number {
  while (p < n) {
    const c = b[p];
    if (c === quote) return p + 1;
    if (c !== backslash) return -1;
    p = scanEscape(b, p + 1, n);
    if (p < 0) return -1;
    while (p < n && plain[b[p] as number] === 1) p++;
  }
  return -1;
}

/** `p` is the byte after the backslash. A surrogate counts only as half of a pair. */
function scanEscape(b: Uint8Array, p: number, n: number): number {
  switch (p < n ? b[p] : 0) {
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
      const unit = hex4(b, p + 1, n);
      if (unit < 0 || (unit >= 0xdc00 && unit <= 0xdfff)) return -1;
      if (unit < 0xd800 || unit > 0xdbff) return p + 5;
      if (p + 7 > n || b[p + 5] !== backslash || b[p + 6] !== 0x75) return -1;
      const low = hex4(b, p + 7, n);
      return low >= 0xdc00 && low <= 0xdfff ? p + 11 : -1;
    }
    default:
      return -1;
  }
}

function hex4(b: Uint8Array, p: number, n: number): number {
  if (p + 4 > n) return -1;
  let value = 0;
  for (let i = p; i < p + 4; i++) {
    const c = b[i] as number;
    const digit =
      c >= 0x30 && c <= 0x39 ? c - 0x30 : (c | 0x20) >= 0x61 && (c | 0x20) <= 0x66 ? (c | 0x20) - 0x57 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

export function scanNull(b: Uint8Array, p: number, n: number): number {
  const fits = p + 4 <= n && b[p] === 0x6e && b[p + 1] === 0x75 && b[p + 2] === 0x6c && b[p + 3] === 0x6c;
  return fits ? p + 4 : -1;
}

export function scanBoolean(b: Uint8Array, p: number, n: number): number {
  if (p + 4 > n) return -1;
  if (b[p] === 0x74) return b[p + 1] === 0x72 && b[p + 2] === 0x75 && b[p + 3] === 0x65 ? p + 4 : -1;
  if (p + 5 > n || b[p] !== 0x66) return -1;
  return b[p + 1] === 0x61 && b[p + 2] === 0x6c && b[p + 3] === 0x73 && b[p + 4] === 0x65 ? p + 5 : -1;
}

/** The grammar of a number, whatever its size. */
export function scanNumber(b: Uint8Array, p: number, n: number): number {
  p = scanDecimal(b, p, n);
  if (p < 0 || p >= n || (b[p] !== 0x65 && b[p] !== 0x45)) return p;
  p++;
  if (p < n && (b[p] === 0x2b || b[p] === 0x2d)) p++;
  return scanDigits(b, p, n);
}

/** A number up to its exponent. */
export function scanDecimal(b: Uint8Array, p: number, n: number): number {
  if (p < n && b[p] === 0x2d) p++;
  if (p >= n) return -1;
  if (b[p] === 0x30) p++;
  else {
    if (!isDigit(b[p] as number)) return -1;
    do p++;
    while (p < n && isDigit(b[p] as number));
  }
  return p < n && b[p] === 0x2e ? scanDigits(b, p + 1, n) : p;
}

/** At least one digit. */
export function scanDigits(b: Uint8Array, p: number, n: number): number {
  const first = p;
  while (p < n && isDigit(b[p] as number)) p++;
  return p > first ? p : -1;
}

function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

/** Says what numbers may be. */
type ScanNumber = (b: Uint8Array, p: number, n: number) => number;

/** Any JSON value, whatever the size of its numbers; `depth` containers are open around it. */
export function scanValue(b: Uint8Array, p: number, n: number, depth: number): number {
  return scanAny(b, p, n, depth, scanNumber);
}

export function scanAny(b: Uint8Array, p: number, n: number, depth: number, number: ScanNumber): number {
  const c = p < n ? b[p] : 0;
  if (c === quote) return scanString(b, p, n);
  if (c === 0x7b) return depth < deepest ? scanObject(b, p, n, depth + 1, number) : -1;
  if (c === 0x5b) return depth < deepest ? scanItems(b, p, n, depth + 1, number) : -1;
  if (c === 0x6e) return scanNull(b, p, n);
  return c === 0x74 || c === 0x66 ? scanBoolean(b, p, n) : number(b, p, n);
}

function scanObject(b: Uint8Array, p: number, n: number, depth: number, number: ScanNumber): number {
  p = skipSpace(b, p + 1, n);
  if (p < n && b[p] === 0x7d) return p + 1;
  for (;;) {
    p = scanString(b, p, n);
    if (p < 0) return -1;
    if (p >= n || b[p] !== 0x3a) {
      p = skipSpace(b, p, n);
      if (p >= n || b[p] !== 0x3a) return -1;
    }
    p++;
    if (p < n && (b[p] as number) <= 0x20) p = skipSpace(b, p, n);
    p = scanAny(b, p, n, depth, number);
    if (p < 0) return -1;
    if (p < n && (b[p] as number) <= 0x20) p = skipSpace(b, p, n);
    const c = p < n ? b[p] : 0;
    if (c === 0x7d) return p + 1;
    if (c !== 0x2c) return -1;
    p++;
    if (p < n && (b[p] as number) <= 0x20) p = skipSpace(b, p, n);
  }
}

function scanItems(b: Uint8Array, p: number, n: number, depth: number, number: ScanNumber): number {
  p = skipSpace(b, p + 1, n);
  if (p < n && b[p] === 0x5d) return p + 1;
  for (;;) {
    p = scanAny(b, p, n, depth, number);
    if (p < 0) return -1;
    if (p < n && (b[p] as number) <= 0x20) p = skipSpace(b, p, n);
    const c = p < n ? b[p] : 0;
    if (c === 0x5d) return p + 1;
    if (c !== 0x2c) return -1;
    p++;
    if (p < n && (b[p] as number) <= 0x20) p = skipSpace(b, p, n);
  }
}

function plainBytes(): Uint8Array {
  const bytes = new Uint8Array(256).fill(1, 0x20);
  bytes[quote] = 0;
  bytes[backslash] = 0;
  return bytes;
}
