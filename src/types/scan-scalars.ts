/*
 * Scanners of the scalars that JSON has no form of its own for (DESIGN, table of values), with the habits of scan-json.ts.
 */
import { scanAny, scanDecimal, scanNumber } from './scan-json.ts';

/** Digits of an Integer. */
export const mostDigits = 1_000;

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
  return c === 0x2e || c === 0x65 || c === 0x45 ? -1 : p;
}

/** A number that a double can hold: finite. */
export function scanDouble(b: Uint8Array, p: number): number {
  const end = scanDecimal(b, p);
  return end - p <= surelyFinite && b[end] !== 0x65 && b[end] !== 0x45 ? end : scanLargeDouble(b, p);
}

/** A number as Json may hold it: an Integer or a Double. */
export function scanAnyNumber(b: Uint8Array, p: number): number {
  const end = scanDecimal(b, p);
  if (end - p <= surelyFinite && b[end] !== 0x65 && b[end] !== 0x45) return end;
  const integer = scanInteger(b, p);
  if (integer === end) return end;
  const isDouble = end < 0 || b[end] === 0x65 || b[end] === 0x45 || b.subarray(p, end).includes(0x2e);
  return isDouble ? scanLargeDouble(b, p) : -1;
}

/** Any value as Json may hold it: its numbers are Integers or Doubles. `depth` containers are open around it. */
export function scanJson(b: Uint8Array, p: number, depth: number): number {
  return scanAny(b, p, depth, scanAnyNumber);
}

/** The largest double has 309 digits before its point: fewer are finite. */
const surelyFinite = 300;

function scanLargeDouble(b: Uint8Array, p: number): number {
  const end = scanNumber(b, p);
  if (end < 0) return -1;
  const decimals = scanDecimal(b, p) - p;
  if (decimals <= surelyFinite && exponentOf(b, p + decimals + 1, end) <= surelyFinite - decimals) return end;
  const text = Buffer.from(b.buffer, b.byteOffset + p, end - p).toString('latin1');
  return Number.isFinite(Number(text)) ? end : -1;
}

/** The exponent that stands after an `e`, as far as it is about infinity: 0 for one that is negative, or none. */
function exponentOf(b: Uint8Array, p: number, end: number): number {
  if (b[p] === 0x2d) return 0;
  let exponent = 0;
  for (let at = b[p] === 0x2b ? p + 1 : p; at < end && exponent <= surelyFinite; at++) {
    exponent = exponent * 10 + (b[at] as number) - 0x30;
  }
  return exponent;
}

const base64 = sextets();

/**
 * A string of base64 with padding (RFC 4648, section 4), without escapes. The bits of the last letter that stand for nothing must be 0,
 * so that each value has one text alone.
 */
export function scanBase64(b: Uint8Array, p: number): number {
  if (b[p] !== 0x22) return -1;
  const first = ++p;
  while ((base64[b[p] as number] as number) < 64) p++;
  const last = base64[b[p - 1] as number] as number;
  const length = (p - first) % 4;
  if (length === 2) {
    if (b[p] !== 0x3d || b[p + 1] !== 0x3d || (last & 15) !== 0) return -1;
    p += 2;
  } else if (length === 3) {
    if (b[p] !== 0x3d || (last & 3) !== 0) return -1;
    p++;
  } else if (length === 1) return -1;
  return b[p] === 0x22 ? p + 1 : -1;
}

/** What each letter of base64 stands for; 64 where a byte is none. */
function sextets(): Uint8Array {
  const table = new Uint8Array(256).fill(64);
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let value = 0; value < 64; value++) table[letters.charCodeAt(value)] = value;
  return table;
}

/**
 * A string that is an RFC 3339 date-time with its offset, without escapes: capital T and Z, years from 0001 on (Python has no other),
 * a real calendar day, no leap second, any number of digits of a fraction.
 */
export function scanTimestamp(b: Uint8Array, p: number): number {
  if (
    b[p] !== 0x22 ||
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
  if (!(year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month)))
    return -1;
  if (!(twoDigits(b, p + 12) <= 23 && twoDigits(b, p + 15) <= 59 && twoDigits(b, p + 18) <= 59)) return -1;
  p += 20;
  if (b[p] === 0x2e) {
    let c = b[++p] as number;
    if (!(c >= 0x30 && c <= 0x39)) return -1;
    do c = b[++p] as number;
    while (c >= 0x30 && c <= 0x39);
  }
  if (b[p] === 0x5a) p++;
  else {
    if ((b[p] !== 0x2b && b[p] !== 0x2d) || b[p + 3] !== 0x3a) return -1;
    if (!(twoDigits(b, p + 1) <= 23 && twoDigits(b, p + 4) <= 59)) return -1;
    p += 6;
  }
  return b[p] === 0x22 ? p + 1 : -1;
}

/** Far from every number that may stand there, also times 100, where there are no two digits; an integer, which V8 keeps in a register. */
function twoDigits(b: Uint8Array, p: number): number {
  const tens = ((b[p] as number) - 0x30) | 0;
  const ones = ((b[p + 1] as number) - 0x30) | 0;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 1_000_000;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
