import type { Type } from './type.ts';

/** Where and why a JSON text does not fit. Offsets are bytes from the start of the buffer that was scanned. */
export interface Fault {
  /** `malformed`: no JSON (or half a surrogate pair, or too deep). `mismatch`: JSON, but not of the type. */
  readonly kind: 'malformed' | 'mismatch';
  readonly offset: number;
  /** JSON path from the value's root, such as `$.legs[2].delay`. */
  readonly path: string;
  /** One clause: `expected Integer, found "12"`. */
  readonly message: string;
}

/**
 * `input`: unknown record fields are ignored. `result`: a result holds exactly the declared fields, an
 * undeclared one is a mismatch. In both, an optional field may be missing or null.
 */
export type Strictness = 'input' | 'result';

export interface ArrayScan {
  /** How many elements the array holds. */
  readonly count: number;
  /** `ends[i]` is the offset just past element i, `starts[i]` its first byte. Owned by the scanner, overwritten by its next scan. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Elements that are JSON but do not fit, in order of index. Malformed JSON makes the whole scan a `Fault`. */
  readonly misfits: readonly { readonly index: number; readonly fault: Fault }[];
  /** Offset just past the array's closing bracket. */
  readonly end: number;
}

/**
 * Checks bytes against one type in one pass, without decoding them: payload bytes are never changed. UTF-8
 * validity of the buffer is checked apart (`node:buffer` isUtf8) by whoever reads the bytes; escapes of lone surrogates here.
 */
export interface Validator {
  /** Checks that bytes[start, end) is exactly one JSON value of the type (white space around it allowed). */
  check(bytes: Uint8Array, start: number, end: number): Fault | undefined;
  /**
   * Scans a JSON array of such values that begins at bytes[start] (its `[`). Bytes after its `]` are the caller's. Whoever knows how many
   * elements there may be says so: the first misfit beyond `most` elements is a Fault then, so that a flood of misfits costs nothing.
   */
  scanArray(bytes: Uint8Array, start: number, end: number, most?: number): ArrayScan | Fault;
}

/** `compileValidator(type, strictness)` is in compile-validator.ts. */
export type CompileValidator = (type: Type, strictness: Strictness) => Validator;
