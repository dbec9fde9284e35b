import type { Type } from './type.ts';

/**
 * Code that takes a scalar at `p` and moves `p` past it, or returns -1. `c` and `q` are free to use. What must not follow a number (a digit
 * after 0, a point after an Integer) is found by whoever expects a comma or a bracket there. Undefined for types made of others.
 */
export function emitScalar(type: Type, depth: number): string | undefined {
  switch (type.kind) {
    case 'text':
      return `if (b[p] !== 34) return -1;
        p++;
        while (plain[b[p]] === 1) p++;
        if (b[p] === 34) p++; else { p = scanStringRest(b, p); if (p < 0) return -1; }`;
    case 'integer':
      return `c = b[p];
        if (c === 45) c = b[++p];
        if (c === 48) p++;
        else {
          if (!(c >= 49 && c <= 57)) return -1;
          q = p;
          do c = b[++p]; while (c >= 48 && c <= 57);
          if (p - q > 1000) return -1;
        }`;
    case 'double':
      return `q = p;
        c = b[p];
        if (c === 45) c = b[++p];
        if (c === 48) c = b[++p];
        else {
          if (!(c >= 49 && c <= 57)) return -1;
          do c = b[++p]; while (c >= 48 && c <= 57);
        }
        if (c === 46) {
          c = b[++p];
          if (!(c >= 48 && c <= 57)) return -1;
          do c = b[++p]; while (c >= 48 && c <= 57);
        }
        if (c === 101 || c === 69 || p - q > 300) { p = scanDouble(b, q); if (p < 0) return -1; }`;
    default: {
      const call = scalarCall(type, depth);
      return call && `p = ${call}; if (p < 0) return -1;`;
    }
  }
}

/** The same as one expression: the offset past the scalar at `p`, or -1. */
export function scalarCall(type: Type, depth: number): string | undefined {
  switch (type.kind) {
    case 'integer':
      return 'scanInteger(b, p)';
    case 'double':
      return 'scanDouble(b, p)';
    case 'boolean':
      return 'scanBoolean(b, p)';
    case 'text':
      return 'scanString(b, p)';
    case 'bytes':
      return 'scanBase64(b, p)';
    case 'timestamp':
      return 'scanTimestamp(b, p)';
    case 'json':
      return `scanJson(b, p, ${depth})`;
    case 'unit':
      return 'scanNull(b, p)';
    case 'void':
      return '-1';
    default:
      return undefined;
  }
}
