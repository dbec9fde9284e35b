import type { Validator } from '../../types/index.ts';
import { describeFault } from './describe-fault.ts';
import type { RecordFormat } from './record-format.ts';

const comma = 0x2c;
const carriageReturn = 0x0d;
const space = 0x20;

/**
 * Records that are JSON already, without a copy: a record is checked first, and then the line feed behind it becomes the comma before
 * the next, so that neighbours make one piece of the buffer they were read into. A rejected record splits the piece.
 */
export function createJsonFormat(validator: Validator): RecordFormat {
  let pieces: Uint8Array[] = [];
  let bytes: Buffer | undefined;
  let pieceStart = 0;
  let pieceEnd = 0;

  return {
    text: true,
    take(from, start, end, returns) {
      if (isEmpty(from, start, end)) return 'an empty line';
      const fault = validator.check(from, start, end);
      if (fault !== undefined) return describeFault(fault, start);
      // Legal outside of strings alone, and strings were checked: every one of them is white space.
      if (returns) blankReturns(from, start, end);
      from[end] = comma;
      if (from !== bytes || start !== pieceEnd) {
        if (bytes !== undefined) pieces.push(bytes.subarray(pieceStart, pieceEnd));
        bytes = from;
        pieceStart = start;
      }
      pieceEnd = end + 1;
      return undefined;
    },
    drain() {
      const drained = pieces;
      if (bytes !== undefined) drained.push(bytes.subarray(pieceStart, pieceEnd - 1));
      pieces = [];
      bytes = undefined;
      return drained;
    },
  };
}

function isEmpty(bytes: Buffer, start: number, end: number): boolean {
  return start === end || (end === start + 1 && bytes[start] === carriageReturn);
}

function blankReturns(bytes: Buffer, start: number, end: number): void {
  for (let at = start; at < end; at++) if (bytes[at] === carriageReturn) bytes[at] = space;
}
