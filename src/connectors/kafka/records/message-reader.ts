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
  readonly rejected: readonly Rejected[];
}

/**
 * Turns runs of records into messages of the source's type. `place` names the partition: `clicks/3`. A null value is the JSON `null` where the type
 * takes that, and does not fit elsewhere.
 */
export function createMessageReader({ format, type, messageLimit }: OpenContext): (run: RecordRun, place: string) => Messages {
  const validator = compileValidator(type, 'input');
  const takesNull = validator.check(nullText, 0, nullText.length) === undefined;
  const records = createLineFormat(format, validator);

  return (run, place) => {
    const { starts, ends, offsets, nulls } = run;
    const { bytes } = run;
    const items: Uint8Array[] = [];
    const rejected: Rejected[] = [];
    let count = 0;
    const from = starts[0] ?? 0;
    const to = ends[run.count - 1] ?? 0;

    const reject = (payload: Uint8Array, message: string, offset: number) =>
      void rejected.push({ payload: Buffer.from(payload), message, place: `${place}@${offset}`, after: count });

    function append(pieces: readonly Uint8Array[]): void {
      if (pieces.length === 0) return;
      if (items.length > 0) items.push(comma);
      for (const piece of pieces) items.push(format === 'json' ? blanked(piece) : piece);
    }

    function take(index: number, doubtful: boolean): void {
      const offset = offsets[index] as number;
      let start = starts[index] as number;
      const end = ends[index] as number;
      if (nulls[index] === 1) {
        if (!takesNull) return reject(new Uint8Array(0), 'a null value (a tombstone), which the type does not take', offset);
        append(records.drain());
        append([nullText]);
        count++;
        return;
      }
      if (end - start > messageLimit)
        return reject(
          bytes.subarray(start, start + keptOfOversize),
          `longer than the largest message, ${messageLimit} bytes; its first ${keptOfOversize} bytes are kept`,
          offset,
        );
      if (doubtful && !isUtf8(bytes.subarray(start, end))) return reject(bytes.subarray(start, end), 'not valid UTF-8', offset);
      if (records.text && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf && end - start >= 3)
        start += 3;
      if (format === 'json' && start === end) return reject(new Uint8Array(0), 'an empty message', offset);
      const reason = records.take(bytes, start, end, false);
      if (reason === undefined) count++;
      else reject(bytes.subarray(start, end), reason, offset);
    }

    if (run.broken !== undefined) reject(run.broken.payload, run.broken.reason, run.broken.offset);
    // One look at all of them. The bytes between are anything: they are made harmless first.
    for (let index = 0; index < run.count; index++) bytes[ends[index] as number] = lineFeed;
    const doubtful = records.text && !isUtf8(bytes.subarray(from, to));
    for (let index = 0; index < run.count; index++) take(index, doubtful);
    append(records.drain());
    return { items, count, rejected };
  };
}

/** Line breaks become spaces: in JSON that was checked they are white space alone. */
function blanked(piece: Uint8Array): Uint8Array {
  for (const sign of [lineFeed, carriageReturn])
    for (let at = piece.indexOf(sign); at >= 0; at = piece.indexOf(sign, at + 1)) piece[at] = space;
  return piece;
}
