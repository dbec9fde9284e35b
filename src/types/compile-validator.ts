import { checkNode } from './check-node.ts';
import { generateAcceptor } from './generate-acceptor.ts';
import { type JsonNode, Malformed, parseJson } from './parse-json.ts';
import { skipSpace } from './scan-json.ts';
import type { Type } from './type.ts';
import type { ArrayScan, Fault, Strictness, Validator } from './validator.ts';

/**
 * A validator of one type. Values go through a quick look of generated code; what that is not sure of goes through the slow check, whose
 * word counts and which says what is wrong. UTF-8 validity is the caller's to check.
 */
export function compileValidator(type: Type, strictness: Strictness): Validator {
  const accept = generateAcceptor(type, strictness);
  // Elements of an array have one container around them; they are messages of their own, so their depth counts from themselves.
  let starts = new Int32Array(256);
  let ends = new Int32Array(256);

  function check(bytes: Uint8Array, start: number, end: number): Fault | undefined {
    const past = accept(bytes, skipSpace(bytes, start));
    if (past >= 0 && skipSpace(bytes, past) >= end && past <= end) return undefined;
    return checkSlowly(bytes, start, end);
  }

  function checkSlowly(bytes: Uint8Array, start: number, end: number): Fault | undefined {
    const node = parseOrFault(bytes, start, end);
    if ('message' in node) return node;
    const past = skipSpace(bytes, node.end);
    if (past < end) return malformed(past, 'text after the value');
    return checkNode(node, type, bytes, strictness);
  }

  function scanArray(bytes: Uint8Array, start: number, end: number): ArrayScan | Fault {
    const misfits: { index: number; fault: Fault }[] = [];
    let count = 0;
    let p = skipSpace(bytes, start + 1);
    if (bytes[start] !== 0x5b) return malformed(start, 'no array');
    if (bytes[p] === 0x5d && p < end) return { count, starts, ends, misfits, end: p + 1 };
    for (;;) {
      if (count === starts.length) {
        starts = grown(starts);
        ends = grown(ends);
      }
      let past = accept(bytes, p);
      if (past < 0) {
        const node = parseOrFault(bytes, p, end);
        if ('message' in node) return node;
        const fault = checkNode(node, type, bytes, strictness);
        if (fault !== undefined) misfits.push({ index: count, fault });
        past = node.end;
      }
      starts[count] = p;
      ends[count] = past;
      count++;
      const c = bytes[past] === 0x2c || bytes[past] === 0x5d ? past : skipSpace(bytes, past);
      if (c >= end) return malformed(end, 'the array does not end');
      if (bytes[c] === 0x5d) return { count, starts, ends, misfits, end: c + 1 };
      if (bytes[c] !== 0x2c) return malformed(c, 'a comma or ] should be here');
      p = skipSpace(bytes, c + 1);
    }
  }

  return { check, scanArray };
}

function parseOrFault(bytes: Uint8Array, start: number, end: number): JsonNode | Fault {
  try {
    return parseJson(bytes, skipSpace(bytes, start), end, 0);
  } catch (error) {
    if (error instanceof Malformed) return malformed(error.offset, error.message);
    throw error;
  }
}

function malformed(offset: number, message: string): Fault {
  return { kind: 'malformed', offset, path: '$', message };
}

function grown(from: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}
