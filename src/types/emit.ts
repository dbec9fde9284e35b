import type { Type } from './type.ts';

/** Code for a value of some type at `p` with `depth` containers around it; the text ends at `n`. */
export interface Emit {
  /** Statements that move `p` past the value or return -1. They may use `c` and `q`. */
  inline(type: Type, depth: number): string;
  /** An expression: the offset past the value, or -1. */
  call(type: Type, depth: number): string;
}

/** Moves `p` past white space, for which the quick test needs one comparison where there is none. */
export const space = 'if (p < n && b[p] <= 32) p = skipSpace(b, p, n);';

/** Moves `p` past a colon and the white space around it. */
export const colon = `if (p >= n || b[p] !== 58) { p = skipSpace(b, p, n); if (p >= n || b[p] !== 58) return -1; }
  p++; ${space}`;
