/**
 * The frame around the records of a batch, in Kafka's message format 2 (KIP-98): offsets of its fields, and what they say. Numbers of 64
 * bits are read as numbers: offsets beyond 2^53 are out of any broker's reach.
 */
export const batchField = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
  records: 61,
} as const;

export const magic = 2;
const transactional = 0x10;
const control = 0x20;

export interface BatchHeader {
  readonly baseOffset: number;
  /** Offset of the next batch. */
  readonly nextOffset: number;
  readonly leaderEpoch: number;
  readonly magic: number;
  /** Place in {@link compressions}. */
  readonly compression: number;
  readonly isTransactional: boolean;
  /** A marker that ends a transaction; it holds no messages. */
  readonly isControl: boolean;
  readonly producerId: bigint;
  readonly count: number;
  /** Where its records are in the bytes that it was read from. */
  readonly start: number;
  readonly end: number;
}

/** The batch that begins at `at`, or undefined where what is there of it is not whole: a broker cuts off what it was not asked for. */
export function readBatchHeader(bytes: Buffer, at: number): BatchHeader | undefined {
  if (bytes.length - at < batchField.attributes) return undefined;
  const end = at + batchField.leaderEpoch + bytes.readInt32BE(at + batchField.length);
  if (end > bytes.length) return undefined;
  const baseOffset = int64(bytes, at + batchField.baseOffset);
  const version = bytes.readInt8(at + batchField.magic);
  if (version !== magic || end < at + batchField.records)
    // Of older formats the base offset is the only one known; in a compressed set it is that of the last message.
    return { ...none, baseOffset, nextOffset: baseOffset + 1, magic: version, start: at, end };
  const attributes = bytes.readInt16BE(at + batchField.attributes);
  return {
    baseOffset,
    nextOffset: baseOffset + bytes.readInt32BE(at + batchField.lastOffsetDelta) + 1,
    leaderEpoch: bytes.readInt32BE(at + batchField.leaderEpoch),
    magic: version,
    compression: attributes & 7,
    isTransactional: (attributes & transactional) !== 0,
    isControl: (attributes & control) !== 0,
    producerId: bytes.readBigInt64BE(at + batchField.producerId),
    count: bytes.readInt32BE(at + batchField.count),
    start: at + batchField.records,
    end,
  };
}

const none = {
  leaderEpoch: -1,
  compression: 0,
  isTransactional: false,
  isControl: false,
  producerId: -1n,
  count: 1,
};

export function int64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

/** Whether the marker of a control batch says that the transaction was given up: its key is a version and a type, 0 for that. */
export function isAbortMarker(bytes: Buffer, { start }: BatchHeader): boolean {
  // One record: length, attributes, two deltas and the length of the key take a byte each.
  return bytes.readInt16BE(start + 7) === 0;
}

/** The offset behind the last whole batch, or `from` where there is none. */
export function endOf(bytes: Buffer, from: number): number {
  let next = from;
  for (let at = 0; ; ) {
    const header = readBatchHeader(bytes, at);
    if (header === undefined) return next;
    next = Math.max(next, header.nextOffset);
    at = header.end;
  }
}
