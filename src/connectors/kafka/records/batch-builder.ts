import type { Codec } from './codecs.ts';
import { crc32c } from './crc32c.ts';
import { batchField, magic } from './record-batch.ts';

/** Who writes a batch, and which of theirs it is: what lets a broker know a batch that it has already. */
export interface BatchSequence {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly isTransactional: boolean;
}

/** Records on their way into one batch (message format 2), encoded as they are added. Bytes that are added are copied. */
export interface BatchBuilder {
  readonly count: number;
  readonly bytes: number;
  /** Adds one record; a key or a value that is undefined is null. */
  add(key: Uint8Array | undefined, value: Uint8Array | undefined): void;
  /** Adds a record without a key, whose value is from[start, end). */
  addValue(from: Buffer, start: number, end: number): void;
  /** The batch as a broker takes it. May be called again, such as with another sequence. */
  seal(sequence: BatchSequence, codec: Codec): Buffer;
  /** The records of which `keeps` says yes, in a builder of their own. */
  pick(keeps: (index: number) => boolean): BatchBuilder;
  /** Adds a record of another builder with the same headers: its bytes from the length of its key on. */
  addEncoded(rest: Buffer): void;
}

/** A record takes at most this much on top of its key, value and headers: seven varints at their longest. */
const overhead = 40;
/** A copy costs a view, which costs more than so many bytes do. */
const fewBytes = 48;
const noHeaders = Buffer.of(0);

/** `headers` are those of each record, by {@link encodeHeaders}. */
export function createBatchBuilder(headers: Buffer = noHeaders, capacity = 16 * 1024): BatchBuilder {
  let held = Buffer.allocUnsafeSlow(batchField.records + capacity);
  let length: number = batchField.records;
  let count = 0;
  const timestamp = BigInt(Date.now());

  function reserve(more: number): void {
    if (length + more <= held.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(held.length * 2, length + more));
    held.copy(grown, 0, 0, length);
    held = grown;
  }

  function varint(value: number): void {
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    for (; rest > 0x7f; rest >>>= 7) held[length++] = (rest & 0x7f) | 0x80;
    held[length++] = rest;
  }

  function raw(bytes: Uint8Array): void {
    held.set(bytes, length);
    length += bytes.length;
  }

  /** Length, attributes, time and offset; `rest` is what stands behind them. */
  function head(rest: number): void {
    reserve(rest + overhead);
    varint(2 + varintSize(count) + rest);
    held[length++] = 0;
    held[length++] = 0;
    varint(count++);
  }

  return {
    get count() {
      return count;
    },
    get bytes() {
      return length;
    },
    add(key, value) {
      head(sizeOf(key) + sizeOf(value) + headers.length);
      varint(key === undefined ? -1 : key.length);
      if (key !== undefined) raw(key);
      varint(value === undefined ? -1 : value.length);
      if (value !== undefined) raw(value);
      raw(headers);
    },
    addValue(from, start, end) {
      const size = end - start;
      head(1 + varintSize(size) + size + headers.length);
      held[length++] = 1;
      varint(size);
      if (size > fewBytes) {
        from.copy(held, length, start, end);
        length += size;
      } else {
        for (let at = start; at < end; at++) held[length++] = from[at] as number;
      }
      if (headers.length === 1) held[length++] = 0;
      else raw(headers);
    },
    seal({ producerId, producerEpoch, baseSequence, isTransactional }, codec) {
      const records = held.subarray(batchField.records, length);
      const encoded = codec.encode(records);
      const sealed =
        encoded === records
          ? held.subarray(0, length)
          : Buffer.concat([held.subarray(0, batchField.records), encoded]);
      sealed.writeBigInt64BE(0n, batchField.baseOffset);
      sealed.writeInt32BE(sealed.length - batchField.leaderEpoch, batchField.length);
      sealed.writeInt32BE(-1, batchField.leaderEpoch);
      sealed.writeInt8(magic, batchField.magic);
      sealed.writeInt16BE(codec.id | (isTransactional ? 0x10 : 0), batchField.attributes);
      sealed.writeInt32BE(count - 1, batchField.lastOffsetDelta);
      sealed.writeBigInt64BE(timestamp, batchField.baseTimestamp);
      sealed.writeBigInt64BE(timestamp, batchField.maxTimestamp);
      sealed.writeBigInt64BE(producerId, batchField.producerId);
      sealed.writeInt16BE(producerEpoch, batchField.producerEpoch);
      sealed.writeInt32BE(baseSequence, batchField.baseSequence);
      sealed.writeInt32BE(count, batchField.count);
      sealed.writeUInt32BE(crc32c(sealed, batchField.attributes, sealed.length), batchField.crc);
      return sealed;
    },
    pick(keeps) {
      const picked = createBatchBuilder(headers);
      let at: number = batchField.records;
      for (let index = 0; index < count; index++) {
        const size = readVarint(held, at);
        const start = at + varintSize(size);
        at = start + size;
        if (keeps(index)) picked.addEncoded(held.subarray(start + 2 + varintSize(index), at));
      }
      return picked;
    },
    addEncoded(rest) {
      head(rest.length);
      raw(rest);
    },
  };
}

/** Headers as they stand at the end of a record. */
export function encodeHeaders(headers: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(headers)
    .flat()
    .map((text) => Buffer.from(text));
  return Buffer.concat([
    varintOf(entries.length / 2),
    ...entries.flatMap((text) => [varintOf(text.length), text]),
  ]);
}

function varintOf(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value * 2;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** Bytes of a varint that is not negative (zigzag doubles it). */
function varintSize(value: number): number {
  return value < 64 ? 1 : value < 8192 ? 2 : value < 1048576 ? 3 : value < 134217728 ? 4 : 5;
}

function sizeOf(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? 1 : varintSize(bytes.length) + bytes.length;
}

function readVarint(bytes: Buffer, from: number): number {
  let value = 0;
  for (let at = from, shift = 0; ; at++, shift += 7) {
    const byte = bytes[at] as number;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
  }
}
