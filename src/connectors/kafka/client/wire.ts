/** Writes the primitive types of Kafka's protocol (https://kafka.apache.org/protocol, "Protocol Primitive Types"). */
export interface WireWriter {
  int8(value: number): void;
  int16(value: number): void;
  int32(value: number): void;
  int64(value: number | bigint): void;
  string(value: string | null): void;
  bytes(value: Uint8Array): void;
  array<T>(items: readonly T[], write: (item: T) => void): void;
  /** The compact forms of flexible versions; `tags` is an empty section of tagged fields. */
  compactString(value: string | null): void;
  compactArray<T>(items: readonly T[], write: (item: T) => void): void;
  tags(): void;
  done(): Buffer;
}

export function createWireWriter(capacity = 512): WireWriter {
  let held = Buffer.allocUnsafe(capacity);
  let length = 0;

  function room(more: number): number {
    if (length + more > held.length) {
      const grown = Buffer.allocUnsafe(Math.max(held.length * 2, length + more));
      held.copy(grown, 0, 0, length);
      held = grown;
    }
    length += more;
    return length - more;
  }

  function unsignedVarint(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) int8((rest & 0x7f) | 0x80);
    int8(rest);
  }

  function raw(value: Uint8Array): void {
    const at = room(value.length);
    held.set(value, at);
  }

  // Room is made first: it may put another buffer in the place of the one that is held.
  function int8(value: number): void {
    const at = room(1);
    held[at] = value;
  }

  function int16(value: number): void {
    const at = room(2);
    held.writeInt16BE(value, at);
  }

  function int32(value: number): void {
    const at = room(4);
    held.writeInt32BE(value, at);
  }

  function int64(value: number | bigint): void {
    const at = room(8);
    held.writeBigInt64BE(BigInt(value), at);
  }

  return {
    int8,
    int16,
    int32,
    int64,
    string(value) {
      if (value === null) return int16(-1);
      const text = Buffer.from(value);
      int16(text.length);
      raw(text);
    },
    bytes(value) {
      int32(value.length);
      raw(value);
    },
    array(items, write) {
      int32(items.length);
      for (const item of items) write(item);
    },
    compactString(value) {
      if (value === null) return unsignedVarint(0);
      const text = Buffer.from(value);
      unsignedVarint(text.length + 1);
      raw(text);
    },
    compactArray(items, write) {
      unsignedVarint(items.length + 1);
      for (const item of items) write(item);
    },
    tags: () => int8(0),
    done: () => held.subarray(0, length),
  };
}

/** Reads what {@link WireWriter} writes; throws RangeError where the bytes end too early. */
export interface WireReader {
  bool(): boolean;
  int16(): number;
  int32(): number;
  int64(): number;
  bigint64(): bigint;
  string(): string | null;
  /** A view of the bytes; empty where they are null. */
  bytes(): Buffer;
  array<T>(read: () => T): T[];
  compactString(): string | null;
  compactArray<T>(read: () => T): T[];
  tags(): void;
}

export function createWireReader(from: Buffer): WireReader {
  let at = 0;

  function move(count: number): number {
    at += count;
    return at - count;
  }

  function unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = from.readUInt8(move(1));
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  const int16 = () => from.readInt16BE(move(2));
  const int32 = () => from.readInt32BE(move(4));
  const slice = (length: number) => {
    if (at + length > from.length) throw new RangeError('an answer is cut off');
    return from.subarray(move(length), at);
  };
  const items = <T>(count: number, read: () => T): T[] => {
    const found: T[] = [];
    for (let index = 0; index < count; index++) found.push(read());
    return found;
  };

  return {
    bool: () => from.readInt8(move(1)) !== 0,
    int16,
    int32,
    int64: () => Number(from.readBigInt64BE(move(8))),
    bigint64: () => from.readBigInt64BE(move(8)),
    string() {
      const length = int16();
      return length < 0 ? null : slice(length).toString();
    },
    bytes: () => slice(Math.max(0, int32())),
    array: (read) => items(int32(), read),
    compactString() {
      const length = unsignedVarint() - 1;
      return length < 0 ? null : slice(length).toString();
    },
    compactArray: (read) => items(unsignedVarint() - 1, read),
    tags() {
      for (let left = unsignedVarint(); left > 0; left--) {
        unsignedVarint();
        move(unsignedVarint());
      }
    },
  };
}
