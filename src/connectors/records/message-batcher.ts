import { isUtf8 } from 'node:buffer';
import type { Validator } from '../../types/index.ts';
import type { Format, Rejected, SourceBatch } from '../connector.ts';
import { createLineFormat } from './line-format.ts';

/**
 * Turns whole messages, as a broker delivers them, into batches: each is checked against the type, and those that fit become the batch's items.
 * What it is given is copied, so that a payload may be a view into a buffer of the client's. Not shared between sources.
 */
export interface MessageBatcher {
  /** Takes one message; false where it does not fit. `place` says where it was, and is asked only where the message does not fit. */
  add(payload: Uint8Array, place: () => string): boolean;
  /** Messages taken since the last drain, those that do not fit among them, and their bytes. */
  readonly messages: number;
  readonly bytes: number;
  /** The batch of what was taken since the last drain; it owns its bytes. */
  drain(): Pick<SourceBatch, 'items' | 'count' | 'rejected'>;
}

export interface MessageBatcherOptions {
  readonly format: Format;
  readonly validator: Validator;
  /** Longest message in bytes. A longer one is rejected, and kept whole: the broker forgets it once it is a dead letter. */
  readonly limit: number;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const byteOrderMark = Buffer.of(0xef, 0xbb, 0xbf);
const bufferSize = 64 * 1024;

export function createMessageBatcher({ format, validator, limit }: MessageBatcherOptions): MessageBatcher {
  const records = createLineFormat(format, validator);
  const isJson = format === 'json';
  let held = Buffer.alloc(0);
  let end = 0;
  let count = 0;
  let bytes = 0;
  let rejected: Rejected[] = [];

  /** A JSON text is changed where it lies, and the byte behind it is looked at; so it goes where both are ours. */
  function take(payload: Uint8Array): string | undefined {
    const buffer = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    if (!isJson) return records.take(buffer, 0, buffer.length, false);
    const start = buffer.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
    const length = buffer.length - start;
    if (length === 0) return 'an empty message';
    if (end + length + 1 > held.length) {
      held = Buffer.allocUnsafeSlow(Math.max(bufferSize, length + 1));
      end = 0;
    }
    buffer.copy(held, end, start);
    held[end + length] = lineFeed;
    const reason = records.take(held, end, end + length, buffer.includes(carriageReturn));
    // Legal outside of strings alone, and those were checked.
    if (reason === undefined && buffer.includes(lineFeed)) blankLineFeeds(held, end, end + length);
    end += length + 1;
    return reason;
  }

  return {
    add(payload, place) {
      const reason =
        payload.length > limit
          ? `longer than the largest message, ${limit} bytes`
          : records.text && !isUtf8(payload)
            ? 'not valid UTF-8'
            : take(payload);
      bytes += payload.length;
      if (reason === undefined) count++;
      else rejected.push({ payload: Buffer.from(payload), message: reason, place: place(), after: count });
      return reason === undefined;
    },
    get messages() {
      return count + rejected.length;
    },
    get bytes() {
      return bytes;
    },
    drain() {
      const batch = { items: records.drain(), count, rejected };
      // What is left of the buffer serves the next batch: no two batches share a byte.
      count = 0;
      bytes = 0;
      rejected = [];
      return batch;
    },
  };
}

function blankLineFeeds(bytes: Buffer, start: number, end: number): void {
  for (let at = bytes.indexOf(lineFeed, start); at >= 0 && at < end; at = bytes.indexOf(lineFeed, at + 1))
    bytes[at] = space;
}
