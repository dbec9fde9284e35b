import { isUtf8 } from 'node:buffer';
import { compileValidator } from '../../../types/index.ts';
import type { OpenContext, Rejected } from '../../connector.ts';
import { createLineFormat } from '../../records/line-format.ts';
import type { RecordRun } from './record-cursor.ts';

const keptOfOversize = 1024;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const comma = Buffer.from(',');
const nullText = Buffer.from('null');

export interface Messages {
  readonly items: readonly Uint8Array[];
  readonly count: number;
  readonly keys?: Int32Array;
  readonly rejected: readonly Rejected[];
}

/**
 * Turns runs of records into messages of the source's type. `place` names the partition: `clicks/3`. A null value is the JSON `null` where the type
 * takes that, and does not fit elsewhere.
 */
export function createMessageReader({
  format,
  type,
  messageLimit,
}: OpenContext): (run: RecordRun, place: string) => Messages {
  const validator = compileValidator(type, 'input');
  const takesNull = validator.check(nullText, 0, nullText.length) === undefined;
  const records = createLineFormat(format, validator);

  return (run, place) => {
    const { starts, ends, offsets, nulls } = run;
    const { bytes } = run;
    const items: Uint8Array[] = [];
    const rejected: Rejected[] = [];
    const keys = run.keys?.slice(0, run.count);
    let count = 0;
    const from = starts[0] ?? 0;
    const to = ends[run.count - 1] ?? 0;

    function reject(payload: Uint8Array, message: string, offset: number): void {
      rejected.push({ payload: Buffer.from(payload), message, place: `${place}@${offset}`, after: count });
    }

    function append(pieces: readonly Uint8Array[]): void {
      if (pieces.length === 0) return;
      if (items.length > 0) items.push(comma);
      for (const piece of pieces) items.push(format === 'json' ? blanked(piece) : piece);
    }

    /** Takes the message, or says why it does not fit. */
    function take(index: number, doubtful: boolean): string | undefined {
      const start = starts[index] as number;
      const end = ends[index] as number;
      if (nulls[index] === 1) {
        if (!takesNull) return 'a null value (a tombstone), which the type does not take';
        append(records.drain());
        append([nullText]);
        return undefined;
      }
      if (end - start > messageLimit)
        return `longer than the largest message, ${messageLimit} bytes; its first ${keptOfOversize} bytes are kept`;
      if (doubtful && !isUtf8(bytes.subarray(start, end))) return 'not valid UTF-8';
      const from = records.text ? behindByteOrderMark(bytes, start, end) : start;
      if (format === 'json' && from === end) return 'an empty message';
      return records.take(bytes, from, end, false);
    }

    function keptOf(index: number): Uint8Array {
      const start = starts[index] as number;
      const end = ends[index] as number;
      return bytes.subarray(start, end - start > messageLimit ? start + keptOfOversize : end);
    }

    if (run.broken !== undefined) reject(run.broken.payload, run.broken.reason, run.broken.offset);
    // One look at all of them. The bytes between are anything: they are made harmless first.
    for (let index = 0; index < run.count; index++) bytes[ends[index] as number] = lineFeed;
    const doubtful = records.text && !isUtf8(bytes.subarray(from, to));
    for (let index = 0; index < run.count; index++) {
      const reason = take(index, doubtful);
      if (reason !== undefined) {
        reject(keptOf(index), reason, offsets[index] as number);
        continue;
      }
      if (keys !== undefined) keys[count] = keys[index] as number;
      count++;
    }
    append(records.drain());
    return { items, count, rejected, ...(keys === undefined ? {} : { keys: keys.subarray(0, count) }) };
  };
}

/** Line breaks become spaces: in JSON that was checked they are white space alone. */
function blanked(piece: Uint8Array): Uint8Array {
  for (const sign of [lineFeed, carriageReturn])
    for (let at = piece.indexOf(sign); at >= 0; at = piece.indexOf(sign, at + 1)) piece[at] = space;
  return piece;
}

function behindByteOrderMark(bytes: Uint8Array, start: number, end: number): number {
  const isMark =
    end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
  return isMark ? start + 3 : start;
}
