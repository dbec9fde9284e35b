import { isUtf8 } from 'node:buffer';
import type { Rejected, SourceBatch } from '../connector.ts';
import type { RecordFormat } from './record-format.ts';
import type { RecordSplitter } from './record-splitter.ts';

/**
 * A batch holds at most this many messages, and is full once it has this many bytes. Other sizes made no difference
 * beyond the noise of bench/connectors.ts.
 */
const fullBatch = { messages: 256, bytes: 64 * 1024 };
/** Bytes kept of a record that is longer than the limit. */
const keptOfOversize = 1024;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export interface RecordOptions {
  readonly format: RecordFormat;
  readonly splitter: RecordSplitter;
  /** For places: `flights.ndjson`. */
  readonly name: string;
  /** Longest record in bytes. */
  readonly limit: number;
  /** At most this many records. */
  readonly rows: number;
  /** Lines that stand before the first record of all, such as a header. */
  readonly linesBefore: number;
  /** Where the chunks go on; left out: at the first record. */
  readonly from?: RecordPosition;
}

/**
 * Where a source of records stands: behind so many of them. Bytes are those read (after decompression), without a byte order mark and a
 * header, and with the line feed that the last record may not have.
 */
export interface RecordPosition {
  readonly records: number;
  readonly bytes: number;
  readonly lines: number;
}

export const firstRecord: RecordPosition = Object.freeze({ records: 0, bytes: 0, lines: 0 });

/** What was committed as a position of records, as the source is given it back; the first record where nothing was. */
export function recordPosition(position: unknown): RecordPosition {
  if (typeof position !== 'object' || position === null) return firstRecord;
  const { records, bytes, lines } = position as Partial<RecordPosition>;
  return typeof records === 'number' && typeof bytes === 'number' && typeof lines === 'number'
    ? { records, bytes, lines }
    : firstRecord;
}

/**
 * Cuts chunks into records and records into batches. A batch never waits for the next chunk, so at most one unfinished record is held,
 * and of a record beyond the limit only its first bytes. The chunks are the reader's: the JSON format changes them in place.
 */
export async function* readRecords(
  chunks: AsyncIterable<Buffer>,
  options: RecordOptions,
): AsyncGenerator<SourceBatch, void, undefined> {
  const cutter = createCutter(options);
  if (options.rows === 0) return;
  for await (const chunk of chunks) {
    yield* cutter.cut(chunk);
    if (cutter.isDone()) return;
  }
  yield* cutter.end();
}

function createCutter(options: RecordOptions) {
  const { format, splitter, name, limit, rows, linesBefore, from: begin = firstRecord } = options;
  /** The record that earlier chunks began. */
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let line = linesBefore + begin.lines + 1;
  let records = 0;
  let bytesRead = begin.bytes;
  let count = 0;
  let bytes = 0;
  let rejected: Rejected[] = [];

  function* cut(chunk: Buffer): Generator<SourceBatch, void, undefined> {
    let at = 0;
    if (pendingBytes > 0) {
      const end = splitter.find(chunk, 0);
      if (end < 0) return hold(chunk);
      at = end + 1;
      finishPending(chunk.subarray(0, at));
    }
    // One look at all whole records; line by line only where it fails.
    const doubtful = format.text && !isUtf8(chunk.subarray(at, chunk.lastIndexOf(lineFeed) + 1));
    const returns = chunk.includes(carriageReturn);
    for (let end = 0; at < chunk.length && records < rows; at = end + 1) {
      end = splitter.find(chunk, at);
      if (end < 0) {
        hold(chunk.subarray(at));
        break;
      }
      take(chunk, at, end, doubtful, returns);
      if (count + rejected.length >= fullBatch.messages || bytes >= fullBatch.bytes) yield drain();
    }
    if (count + rejected.length > 0) yield drain();
  }

  function* end(): Generator<SourceBatch, void, undefined> {
    if (pendingBytes === 0) return;
    finishPending(Buffer.of(lineFeed));
    yield drain();
  }

  /** `rest` is its line feed and what stands before it. */
  function finishPending(rest: Buffer): void {
    const length = pendingBytes + rest.length - 1;
    const whole = Buffer.concat([...pending, rest]);
    pending = [];
    pendingBytes = 0;
    if (length > limit) settle(whole, length, oversize());
    else take(whole, 0, whole.length - 1, true, true);
  }

  function hold(part: Buffer): void {
    pendingBytes += part.length;
    if (pendingBytes > limit) {
      splitter.reset();
      const kept = Buffer.concat(pending).subarray(0, keptOfOversize);
      pending = [Buffer.concat([kept, part.subarray(0, keptOfOversize - kept.length)])];
    } else {
      // A copy, unless it is large: a view would keep its whole chunk alive.
      pending.push(part.length < keptOfOversize ? Buffer.from(part) : part);
    }
  }

  function take(from: Buffer, start: number, end: number, doubtful: boolean, returns: boolean): void {
    const reason =
      end - start > limit
        ? oversize()
        : doubtful && format.text && !isUtf8(from.subarray(start, end))
          ? 'not valid UTF-8'
          : format.take(from, start, end, returns);
    if (reason === undefined) {
      count++;
      records++;
      line += splitter.lines;
      bytes += end - start + 1;
      bytesRead += end - start + 1;
    } else {
      settle(from.subarray(start, end), end - start, reason);
    }
  }

  /** A record that does not fit. */
  function settle(payload: Buffer, length: number, message: string): void {
    const kept = length > limit ? payload.subarray(0, keptOfOversize) : payload;
    rejected.push({ payload: Buffer.from(kept), message, place: `${name}:${line}`, after: count });
    records++;
    line += splitter.lines;
    bytes += kept.length;
    bytesRead += length + 1;
  }

  function oversize(): string {
    return `longer than the largest message, ${limit} bytes; its first ${keptOfOversize} bytes are kept`;
  }

  function drain(): SourceBatch {
    const position: RecordPosition = {
      records: begin.records + records,
      bytes: bytesRead,
      lines: line - linesBefore - 1,
    };
    const batch = { items: format.drain(), count, rejected, position };
    count = 0;
    bytes = 0;
    rejected = [];
    return batch;
  }

  return { cut, end, isDone: () => records >= rows };
}
