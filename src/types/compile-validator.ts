import { findMisfit } from './find-misfit.ts';
import { generateAcceptor } from './generate-acceptor.ts';
import { Malformed, requireJson } from './require-json.ts';
import { skipSpace } from './scan-json.ts';
import type { Type } from './type.ts';
import type { ArrayScan, Fault, Strictness, Validator } from './validator.ts';

/**
 * A validator of one type. Each value gets a quick look by generated code, in one pass over the bytes without decoding them or allocating
 * anything. What that is not sure of is checked slowly, by code that is easy to read and that says what is wrong; it reads such a value
 * several times, at most as often as the type is deep.
 *
 * Bytes from 0x80 on inside strings are taken as they are: whoever reads the bytes checks UTF-8 (`node:buffer` isUtf8). An earlier one of
 * repeated keys need not fit, only be JSON. Numbers within Json are Integers or Doubles as the table of values knows them. Depth counts
 * from each value that is checked: that of an element of an array from the element.
 */
export function compileValidator(type: Type, strictness: Strictness): Validator {
  const accept = generateAcceptor(type, strictness);
  let starts = new Int32Array(256);
  let ends = new Int32Array(256);

  function check(bytes: Uint8Array, start: number, end: number): Fault | undefined {
    const past = accept.value(bytes, skipSpace(bytes, start, end), end);
    if (past === end || (past >= 0 && skipSpace(bytes, past, end) === end)) return undefined;
    const value = readSlowly(bytes.subarray(0, end), start);
    if ('kind' in value) return value;
    const after = skipSpace(bytes, value.end, end);
    return after < end ? malformed(after, 'more text after the value') : value.misfit;
  }

  function scanArray(
    bytes: Uint8Array,
    start: number,
    end: number,
    most = Number.POSITIVE_INFINITY,
  ): ArrayScan | Fault {
    if (start >= end || bytes[start] !== bracket) return malformed(start, 'expected [');
    const misfits: { index: number; fault: Fault }[] = [];
    let count = 0;
    let p = skipSpace(bytes, start + 1, end);
    if (p < end && bytes[p] === closingBracket) return { count, starts, ends, misfits, end: p + 1 };
    for (;;) {
      const taken = accept.elements(bytes, p, end, count, starts, ends);
      if (taken > count) {
        const past = skipSpace(bytes, ends[taken - 1] ?? end, end);
        if (past < end && bytes[past] === closingBracket) {
          return { count: taken, starts, ends, misfits, end: past + 1 };
        }
        // Without a comma the last one was but the beginning of something else, such as the 1 of 1.5.
        const whole = past < end && bytes[past] === comma;
        count = whole ? taken : taken - 1;
        p = whole ? skipSpace(bytes, past + 1, end) : (starts[count] ?? end);
      }
      if (count === starts.length) {
        starts = grown(starts);
        ends = grown(ends);
        continue;
      }
      if (count >= most) return malformed(p, `more than ${most} elements`);
      const value = readSlowly(bytes.subarray(0, end), p);
      if ('kind' in value) return value;
      if (value.misfit !== undefined) misfits.push({ index: count, fault: value.misfit });
      starts[count] = p;
      ends[count] = value.end;
      count++;
      const past = skipSpace(bytes, value.end, end);
      if (past < end && bytes[past] === closingBracket)
        return { count, starts, ends, misfits, end: past + 1 };
      if (past >= end || bytes[past] !== comma) return malformed(past, 'expected , or ] after an element');
      p = skipSpace(bytes, past + 1, end);
    }
  }

  function readSlowly(bytes: Uint8Array, start: number): SlowlyRead | Fault {
    const p = skipSpace(bytes, start);
    try {
      return { end: requireJson(bytes, p, 0), misfit: findMisfit(bytes, p, type, strictness) };
    } catch (error) {
      if (error instanceof Malformed) return malformed(error.offset, error.message);
      throw error;
    }
  }

  return { check, scanArray };
}

interface SlowlyRead {
  readonly end: number;
  readonly misfit: Fault | undefined;
}

const bracket = 0x5b;
const closingBracket = 0x5d;
const comma = 0x2c;

function malformed(offset: number, message: string): Fault {
  return { kind: 'malformed', offset, path: '$', message };
}

function grown(from: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}
