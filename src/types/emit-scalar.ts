import type { Type } from './type.ts';

/**
 * Code that takes a scalar at `p` and moves `p` past it, or returns -1; the text ends at `n`. `c` and `q` are free to use. What must not
 * follow a number (a digit after 0, a point after an Integer) is found by whoever expects a comma or a bracket there. Undefined for types
 * made of others.
 */
export function emitScalar(type: Type, depth: number): string | undefined {
  switch (type.kind) {
    case 'text':
      return `if (p >= n || b[p] !== 34) return -1;
        p++;
        while (p < n && plain[b[p]] === 1) p++;
        if (p < n && b[p] === 34) p++; else { p = scanStringRest(b, p, n); if (p < 0) return -1; }`;
    case 'integer':
      return `${sign}
        q = p;
        ${digits}
        if (p - q > 1000) return -1;`;
    case 'double':
      return `q = p;
        ${sign}
        ${digits}
        if (p < n && b[p] === 46) {
          p++;
          if (p >= n || b[p] < 48 || b[p] > 57) return -1;
          do p++; while (p < n && b[p] >= 48 && b[p] <= 57);
        }
        if (p - q > 300 || p < n && (b[p] | 32) === 101) { p = scanDouble(b, q, n); if (p < 0) return -1; }`;
    default: {
      const call = scalarCall(type, depth);
      return call && `p = ${call}; if (p < 0) return -1;`;
    }
  }
}

const sign = `if (p < n && b[p] === 45) p++;`;

/** Digits of an integer, none before which a 0 stands. */
const digits = `if (p >= n) return -1;
  c = b[p];
  if (c === 48) p++;
  else {
    if (c < 49 || c > 57) return -1;
    do p++; while (p < n && b[p] >= 48 && b[p] <= 57);
  }`;

/** The same as one expression: the offset past the scalar at `p`, or -1. */
export function scalarCall(type: Type, depth: number): string | undefined {
  switch (type.kind) {
    case 'integer':
      return 'scanInteger(b, p, n)';
    case 'double':
      return 'scanDouble(b, p, n)';
    case 'boolean':
      return 'scanBoolean(b, p, n)';
    case 'text':
      return 'scanString(b, p, n)';
    case 'bytes':
      return 'scanBase64(b, p, n)';
    case 'timestamp':
      return 'scanTimestamp(b, p, n)';
    case 'json':
      return `scanJson(b, p, n, ${depth})`;
    case 'unit':
      return 'scanNull(b, p, n)';
    case 'void':
      return '-1';
    default:
      return undefined;
  }
}
