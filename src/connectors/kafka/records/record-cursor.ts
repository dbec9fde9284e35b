import { keyHash } from '../../../core/index.ts';
import { type Codec, compressions } from './codecs.ts';
import { type BatchHeader, isAbortMarker, magic, readBatchHeader } from './record-batch.ts';

/** What a broker answered for one partition: whole batches, then perhaps the beginning of another. The bytes are the reader's. */
export interface Fetched {
  readonly records: Buffer;
  /** Transactions that were given up, whose messages nobody may see: by producer, from which offset on. */
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: number }[];
}

/** The records that one `next` has found, moved together in `bytes`: values with one byte to spare behind each. */
export interface RecordRun {
  bytes: Buffer;
  count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Offset of each record in its partition. */
  readonly offsets: Float64Array;
  /** 1 where the value is null, a tombstone; it has no bytes then. */
  readonly nulls: Uint8Array;
  /** Hash of each record's key, 0 where it is null; undefined where nobody asks for keys. */
  readonly keys: Int32Array | undefined;
  leaderEpoch: number;
  /** Where the partition is to be read on after these records. */
  nextOffset: number;
  /** Why the batch behind these records cannot be read, if so; the run then holds none. */
  broken: { readonly reason: string; readonly payload: Buffer; readonly offset: number } | undefined;
}

export interface RecordCursor {
  /** Fills the run with the next records of one batch; false when there are none left. A run without records tells only of offsets that were passed. */
  next(run: RecordRun): boolean;
}

export function createRun(most: number, withKeys = false): RecordRun {
  return {
    bytes: Buffer.alloc(0),
    count: 0,
    starts: new Int32Array(most),
    ends: new Int32Array(most),
    offsets: new Float64Array(most),
    nulls: new Uint8Array(most),
    keys: withKeys ? new Int32Array(most) : undefined,
    leaderEpoch: -1,
    nextOffset: 0,
    broken: undefined,
  };
}

/** A run ends with the record that makes it longer than this. */
const fullRun = 64 * 1024;

/**
 * Reads what was fetched from the offset `from` on, without a copy and without an object a record: keys are hashed where they are asked for, headers are passed over, and
 * values are moved together to where their own batch was.
 */
export function createRecordCursor(
  { records, aborted }: Fetched,
  from: number,
  codecs: readonly (Codec | undefined)[],
): RecordCursor {
  const openAborts = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const abortedProducers = new Set<bigint>();
  let at = 0;
  let batch: BatchHeader | undefined;
  /** The records of the batch at hand, and how far they were read. */
  let bytes = records;
  let place = 0;
  let end = 0;
  let left = 0;

  /** Whether nobody may see the batch: it is a marker, or part of a transaction that was given up. */
  function isHidden(header: BatchHeader): boolean {
    while (openAborts[0] !== undefined && openAborts[0].firstOffset < header.nextOffset)
      abortedProducers.add((openAborts.shift() as { producerId: bigint }).producerId);
    if (header.isControl) {
      if (header.magic === magic && isAbortMarker(records, header))
        abortedProducers.delete(header.producerId);
      return true;
    }
    return header.isTransactional && abortedProducers.has(header.producerId);
  }

  function open(header: BatchHeader): void {
    if (header.magic !== magic) throw new Error(`message format ${header.magic} is older than Kafka 0.11`);
    const codec = codecs[header.compression];
    if (codec === undefined)
      throw new Error(
        `compression ${compressions[header.compression] ?? header.compression} cannot be read here`,
      );
    bytes = header.compression === 0 ? records : codec.decode(records.subarray(header.start, header.end));
    place = header.compression === 0 ? header.start : 0;
    end = header.compression === 0 ? header.end : bytes.length;
    left = header.count;
  }

  function next(run: RecordRun): boolean {
    run.count = 0;
    run.broken = undefined;
    if (batch === undefined) {
      const header = readBatchHeader(records, at);
      if (header === undefined) return false;
      run.leaderEpoch = header.leaderEpoch;
      run.nextOffset = Math.max(header.nextOffset, from);
      const start = at;
      at = header.end;
      if (header.nextOffset <= from || isHidden(header)) return true;
      try {
        open(header);
      } catch (error) {
        run.broken = brokenBatch(error, start, header);
        return true;
      }
      batch = header;
    }
    try {
      fill(run, batch);
    } catch (error) {
      run.count = 0;
      run.nextOffset = batch.nextOffset;
      run.broken = brokenBatch(error, batch.start, batch);
      batch = undefined;
      return true;
    }
    if (left === 0) batch = undefined;
    return true;
  }

  function brokenBatch(error: unknown, start: number, header: BatchHeader) {
    const why = error instanceof Error ? error.message : String(error);
    const last = header.nextOffset - 1;
    const which = last === header.baseOffset ? '' : ` up to offset ${last}`;
    return {
      reason: `the batch${which} cannot be read: ${why}`,
      payload: Buffer.from(records.subarray(start, header.end)),
      offset: Math.max(header.baseOffset, from),
    };
  }

  function fill(run: RecordRun, { baseOffset, nextOffset, leaderEpoch }: BatchHeader): void {
    const b = bytes;
    const base = baseOffset;
    const { keys } = run;
    const most = run.starts.length;
    let p = place;
    let out = p;
    const first = p;
    let count = 0;
    let offset = base;

    // Varints are read in line: a call a number would cost more than the rest.
    while (left > 0 && count < most && out - first < fullRun) {
      let byte = b[p++] as number;
      let value = byte & 0x7f;
      for (let shift = 7; byte > 0x7f; shift += 7) {
        byte = b[p++] as number;
        value |= (byte & 0x7f) << shift;
      }
      const recordEnd = p + ((value >>> 1) ^ -(value & 1));
      if (!(recordEnd <= end && recordEnd > p)) throw new Error('a record reaches beyond its batch');
      p++;
      while ((b[p++] as number) > 0x7f);
      byte = b[p++] as number;
      value = byte & 0x7f;
      for (let shift = 7; byte > 0x7f; shift += 7) {
        byte = b[p++] as number;
        value |= (byte & 0x7f) << shift;
      }
      offset = base + ((value >>> 1) ^ -(value & 1));
      byte = b[p++] as number;
      value = byte & 0x7f;
      for (let shift = 7; byte > 0x7f; shift += 7) {
        byte = b[p++] as number;
        value |= (byte & 0x7f) << shift;
      }
      const keyLength = (value >>> 1) ^ -(value & 1);
      if (!(p + keyLength <= recordEnd)) throw new Error('a key reaches beyond its record');
      if (keys !== undefined) keys[count] = keyLength < 0 ? 0 : keyHash(b, p, p + keyLength);
      if (keyLength > 0) p += keyLength;
      byte = b[p++] as number;
      value = byte & 0x7f;
      for (let shift = 7; byte > 0x7f; shift += 7) {
        byte = b[p++] as number;
        value |= (byte & 0x7f) << shift;
      }
      const length = (value >>> 1) ^ -(value & 1);
      const start = p;
      const valueEnd = length > 0 ? p + length : p;
      // The number of headers stands behind the value, so that there is always a byte to spare.
      if (!(valueEnd < recordEnd)) throw new Error('a value reaches beyond its record');
      p = recordEnd;
      left--;
      if (offset < from) continue;
      if (start !== out && length > 0) b.copyWithin(out, start, valueEnd);
      run.starts[count] = out;
      run.ends[count] = out + valueEnd - start;
      run.offsets[count] = offset;
      run.nulls[count] = length < 0 ? 1 : 0;
      // Room for `null` and a comma, which any record is large enough for.
      out += length < 0 ? 5 : length + 1;
      count++;
    }
    place = p;
    run.bytes = b;
    run.count = count;
    run.leaderEpoch = leaderEpoch;
    run.nextOffset = left === 0 ? nextOffset : offset + 1;
  }

  return { next };
}
