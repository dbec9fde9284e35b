/*
 * Scanners of the scalars that JSON has no form of its own for (DESIGN, table of values), with the habits of scan-json.ts.
 */
import { scanAny, scanDecimal, scanDigits, scanNumber } from './scan-json.ts';

/** Digits of an Integer. */
export const mostDigits = 1_000;

/** A number without fraction or exponent, of at most 1,000 digits. */
export function scanInteger(b: Uint8Array, p: number, n: number): number {
  if (p < n && b[p] === 0x2d) p++;
  const first = p;
  if (p < n && b[p] === 0x30) p++;
  else while (p < n && (b[p] as number) >= 0x30 && (b[p] as number) <= 0x39) p++;
  if (p === first || p - first > mostDigits) return -1;
  return p < n && (b[p] === 0x2e || b[p] === 0x65 || b[p] === 0x45) ? -1 : p;
}

/** A number that a double can hold: finite. */
export function scanDouble(b: Uint8Array, p: number, n: number): number {
  const end = scanDecimal(b, p, n);
  return end - p <= surelyFinite && !hasExponent(b, end, n) ? end : scanLargeDouble(b, p, n);
}

/** A number as Json may hold it: an Integer or a Double. */
export function scanAnyNumber(b: Uint8Array, p: number, n: number): number {
  const end = scanDecimal(b, p, n);
  if (end - p <= surelyFinite && !hasExponent(b, end, n)) return end;
  return hasExponent(b, end, n) || isFraction(b, p, end) ? scanLargeDouble(b, p, n) : scanInteger(b, p, n);
}

/** Any value as Json may hold it: its numbers are Integers or Doubles. `depth` containers are open around it. */
export function scanJson(b: Uint8Array, p: number, n: number, depth: number): number {
  return scanAny(b, p, n, depth, scanAnyNumber);
}

/** Whether an exponent follows at `p`, which may be -1 where no number stands. */
function hasExponent(b: Uint8Array, p: number, n: number): boolean {
  return p >= 0 && p < n && (b[p] === 0x65 || b[p] === 0x45);
}

function isFraction(b: Uint8Array, start: number, end: number): boolean {
  for (let p = start; p < end; p++) if (b[p] === 0x2e) return true;
  return false;
}

/** The largest double has 309 digits before its point: fewer are finite. */
const surelyFinite = 300;

function scanLargeDouble(b: Uint8Array, p: number, n: number): number {
  const end = scanNumber(b, p, n);
  if (end < 0) return -1;
  const decimals = scanDecimal(b, p, n) - p;
  if (decimals <= surelyFinite && exponentOf(b, p + decimals + 1, end) <= surelyFinite - decimals) return end;
  const text = Buffer.from(b.buffer, b.byteOffset + p, end - p).toString('latin1');
  return Number.isFinite(Number(text)) ? end : -1;
}

/** The exponent that stands from `p` to `end`, as far as it is about infinity: 0 for one that is negative, or none. */
function exponentOf(b: Uint8Array, p: number, end: number): number {
  if (p >= end || b[p] === 0x2d) return 0;
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
export function scanBase64(b: Uint8Array, p: number, n: number): number {
  if (p >= n || b[p] !== 0x22) return -1;
  const first = ++p;
  while (p < n && (base64[b[p] as number] as number) < 64) p++;
  const last = base64[b[p - 1] as number] as number;
  const left = (p - first) % 4;
  if (left === 1 || (left === 2 && (last & 15) !== 0) || (left === 3 && (last & 3) !== 0)) return -1;
  const padding = left === 0 ? 0 : 4 - left;
  if (p + padding >= n || b[p + padding] !== 0x22) return -1;
  if (padding > 0 && b[p] !== 0x3d) return -1;
  return padding < 2 || b[p + 1] === 0x3d ? p + padding + 1 : -1;
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
export function scanTimestamp(b: Uint8Array, p: number, n: number): number {
  if (
    p + shortestTimestamp > n ||
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
  if (b[p] === 0x2e) p = scanDigits(b, p + 1, n);
  if (p < 0 || p >= n) return -1;
  if (b[p] === 0x5a) p++;
  else {
    if (p + 6 > n || (b[p] !== 0x2b && b[p] !== 0x2d) || b[p + 3] !== 0x3a) return -1;
    if (!(twoDigits(b, p + 1) <= 23 && twoDigits(b, p + 4) <= 59)) return -1;
    p += 6;
  }
  return p < n && b[p] === 0x22 ? p + 1 : -1;
}

/** Bytes of a Timestamp without a fraction, in UTC, quotes included. */
const shortestTimestamp = '"2001-01-01T00:00:00Z"'.length;

/** A number larger than any that may stand there where there are no two digits. */
function twoDigits(b: Uint8Array, p: number): number {
  const tens = (b[p] as number) - 0x30;
  const ones = (b[p + 1] as number) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 1_000_000;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
