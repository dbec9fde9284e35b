/*
 * Scanners over bytes (RFC 8259). Each takes the offset of a value's first byte and answers the offset just past the value, or -1 where
 * there is none. They allocate nothing. None looks at its limit: a scan that ran over the end is seen by the caller, whose end it passed.
 * UTF-8 is checked apart.
 */

/** Containers in containers, from the whole value on (DESIGN, table of values). */
export const deepest = 256;
/** Digits of an Integer. */
export const mostDigits = 1_000;

const quote = 0x22;
const backslash = 0x5c;

/** 1 for bytes that stand for themselves inside a string. */
const plain = new Uint8Array(256).fill(1, 0x20);
plain[quote] = 0;
plain[backslash] = 0;

/** Offset of the first byte that is no white space. */
export function skipSpace(b: Uint8Array, p: number): number {
  let c = b[p];
  while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = b[++p];
  return p;
}

export function scanString(b: Uint8Array, p: number): number {
  if (b[p] !== quote) return -1;
  p++;
  for (;;) {
    while (plain[b[p] as number] === 1) p++;
    const c = b[p];
    if (c === quote) return p + 1;
    if (c !== backslash) return -1;
    p = scanEscape(b, p + 1);
    if (p < 0) return -1;
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

/** Whether the bytes of a scanned string hold an escape. */
export function hasEscape(b: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (b[i] === backslash) return true;
  return false;
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

const isDigit = (c: number | undefined): boolean => c !== undefined && c >= 0x30 && c <= 0x39;

/** A number without fraction or exponent, of at most 1,000 digits. */
export function scanInteger(b: Uint8Array, p: number): number {
  if (b[p] === 0x2d) p++;
  const first = p;
  let c = b[p] as number;
  if (c === 0x30) c = b[++p] as number;
  else {
    while (c >= 0x30 && c <= 0x39) c = b[++p] as number;
    if (p === first || p - first > mostDigits) return -1;
  }
  return c === 0x2e || c === 0x65 || c === 0x45 || (c >= 0x30 && c <= 0x39) ? -1 : p;
}

/** A number that a double can hold: finite. */
export function scanDouble(b: Uint8Array, p: number): number {
  const end = scanNumber(b, p);
  return end < 0 || isFiniteText(b, p, end) ? end : -1;
}

/** A number of any kind: an integer within its digits, or one with fraction or exponent that is finite. */
export function scanAnyNumber(b: Uint8Array, p: number): number {
  const integer = scanInteger(b, p);
  return integer >= 0 ? integer : isIntegerText(b, p) ? -1 : scanDouble(b, p);
}

function isIntegerText(b: Uint8Array, p: number): boolean {
  if (b[p] === 0x2d) p++;
  while (isDigit(b[p])) p++;
  return b[p] !== 0x2e && b[p] !== 0x65 && b[p] !== 0x45;
}

/** The grammar of a number, whatever its size. */
export function scanNumber(b: Uint8Array, p: number): number {
  let c = b[p] as number;
  if (c === 0x2d) c = b[++p] as number;
  if (c === 0x30) {
    c = b[++p] as number;
    if (c >= 0x30 && c <= 0x39) return -1;
  } else {
    const first = p;
    while (c >= 0x30 && c <= 0x39) c = b[++p] as number;
    if (p === first) return -1;
  }
  if (c === 0x2e) {
    const first = ++p;
    c = b[p] as number;
    while (c >= 0x30 && c <= 0x39) c = b[++p] as number;
    if (p === first) return -1;
  }
  if (c === 0x65 || c === 0x45) {
    c = b[++p] as number;
    if (c === 0x2b || c === 0x2d) c = b[++p] as number;
    const first = p;
    while (c >= 0x30 && c <= 0x39) c = b[++p] as number;
    if (p === first) return -1;
  }
  return p;
}

/** Short numbers without an exponent are finite; the others are read to see. */
function isFiniteText(b: Uint8Array, start: number, end: number): boolean {
  if (end - start < 300) {
    let p = start;
    while (p < end && b[p] !== 0x65 && b[p] !== 0x45) p++;
    if (p === end) return true;
  }
  return Number.isFinite(Number(Buffer.from(b.buffer, b.byteOffset + start, end - start).toString('latin1')));
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

/** Any JSON value; `depth` containers are open around it. */
export function scanValue(b: Uint8Array, p: number, depth: number): number {
  switch (b[p]) {
    case quote:
      return scanString(b, p);
    case 0x7b:
      return depth < deepest ? scanObject(b, p, depth + 1) : -1;
    case 0x5b:
      return depth < deepest ? scanItems(b, p, depth + 1) : -1;
    case 0x74:
    case 0x66:
      return scanBoolean(b, p);
    case 0x6e:
      return scanNull(b, p);
    default:
      return scanAnyNumber(b, p);
  }
}

function scanObject(b: Uint8Array, p: number, depth: number): number {
  p = skipSpace(b, p + 1);
  if (b[p] === 0x7d) return p + 1;
  for (;;) {
    p = scanString(b, p);
    if (p < 0) return -1;
    p = skipSpace(b, p);
    if (b[p] !== 0x3a) return -1;
    p = scanValue(b, skipSpace(b, p + 1), depth);
    if (p < 0) return -1;
    p = skipSpace(b, p);
    const c = b[p];
    if (c === 0x7d) return p + 1;
    if (c !== 0x2c) return -1;
    p = skipSpace(b, p + 1);
  }
}

function scanItems(b: Uint8Array, p: number, depth: number): number {
  p = skipSpace(b, p + 1);
  if (b[p] === 0x5d) return p + 1;
  for (;;) {
    p = scanValue(b, p, depth);
    if (p < 0) return -1;
    p = skipSpace(b, p);
    const c = b[p];
    if (c === 0x5d) return p + 1;
    if (c !== 0x2c) return -1;
    p = skipSpace(b, p + 1);
  }
}

const base64 = new Uint8Array(256);
for (const c of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  base64[c.charCodeAt(0)] = 1;

/** A string of base64 with padding (RFC 4648, section 4), without escapes. */
export function scanBase64(b: Uint8Array, p: number): number {
  if (b[p] !== quote) return -1;
  const first = ++p;
  while (base64[b[p] as number] === 1) p++;
  if (b[p] === 0x3d) p++;
  if (b[p] === 0x3d) p++;
  return b[p] === quote && (p - first) % 4 === 0 ? p + 1 : -1;
}

/** A string that is an RFC 3339 date-time with its offset, capital T and Z, a real calendar day, no leap second; without escapes. */
export function scanTimestamp(b: Uint8Array, p: number): number {
  if (
    b[p] !== quote ||
    b[p + 5] !== 0x2d ||
    b[p + 8] !== 0x2d ||
    b[p + 11] !== 0x54 ||
    b[p + 14] !== 0x3a ||
    b[p + 17] !== 0x3a
  )
    return -1;
  const year = twoDigits(b, p + 1) * 100 + twoDigits(b, p + 3);
  const month = twoDigits(b, p + 6);
  const day = twoDigits(b, p + 9);
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month))) return -1;
  if (!(twoDigits(b, p + 12) <= 23 && twoDigits(b, p + 15) <= 59 && twoDigits(b, p + 18) <= 59)) return -1;
  p += 20;
  if (b[p] === 0x2e) {
    const first = ++p;
    while (isDigit(b[p])) p++;
    if (p === first) return -1;
  }
  if (b[p] === 0x5a) p++;
  else {
    if ((b[p] !== 0x2b && b[p] !== 0x2d) || b[p + 3] !== 0x3a) return -1;
    if (!(twoDigits(b, p + 1) <= 23 && twoDigits(b, p + 4) <= 59)) return -1;
    p += 6;
  }
  return b[p] === quote ? p + 1 : -1;
}

/** NaN where there are no two digits, which no comparison lets pass. */
function twoDigits(b: Uint8Array, p: number): number {
  const tens = (b[p] as number) - 0x30;
  const ones = (b[p + 1] as number) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
