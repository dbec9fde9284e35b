/**
 * The LZ4 frame format (github.com/lz4/lz4, doc/lz4_Frame_format.md and lz4_Block_format.md), as Kafka's clients write and read it. Our own, because the
 * packages there are end up in endless loops, or in native code, where bytes are not what they claim to be.
 */
const frameMagic = 0x184d2204;
const flags = { blockChecksum: 0x10, contentSize: 0x08, contentChecksum: 0x04, dictionary: 0x01 };
/** Version 1, blocks of 64 KiB that do not refer to each other, no check sums; the last byte is the header's own. */
const frameHeader = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
const blockBytes = 64 * 1024;
const isPlain = 0x80000000;

/** Throws where the frame is broken, or holds more than `most` bytes. */
export function lz4Decode(from: Buffer, most: number): Buffer {
  if (from.length < frameHeader.length || from.readUInt32LE(0) !== frameMagic)
    throw new Error('no frame of LZ4');
  const flag = from.readUInt8(4);
  const largestBlock = 1 << (8 + 2 * ((from.readUInt8(5) >> 4) & 7));
  let at = frameHeader.length + (flag & flags.contentSize ? 8 : 0) + (flag & flags.dictionary ? 4 : 0);
  let out = Buffer.allocUnsafeSlow(Math.min(most, Math.max(blockBytes, from.length * 4)));
  let length = 0;

  for (;;) {
    const word = from.readUInt32LE(at);
    at += 4;
    if (word === 0) return out.subarray(0, length);
    const size = word & ~isPlain;
    const end = at + size;
    if (size > largestBlock || end > from.length) throw new Error('a block of LZ4 is cut off');
    const needed = length + (word >= isPlain ? size : Math.min(largestBlock, size * 255));
    if (needed > out.length) {
      if (length + size > most) throw new Error('larger than any batch may be');
      const grown = Buffer.allocUnsafeSlow(Math.min(most, Math.max(out.length * 2, needed)));
      out.copy(grown, 0, 0, length);
      out = grown;
    }
    if (word >= isPlain) {
      from.copy(out, length, at, end);
      length += size;
    } else {
      length = decodeBlock(from, at, end, out, length);
    }
    at = end + (flag & flags.blockChecksum ? 4 : 0);
  }
}

/** Answers where the output ends then. */
function decodeBlock(from: Buffer, start: number, end: number, out: Buffer, length: number): number {
  let at = start;
  let to = length;
  while (at < end) {
    const token = from[at++] as number;
    let literals = token >> 4;
    if (literals === 15) {
      let more: number;
      do {
        more = from[at++] as number;
        literals += more;
      } while (more === 255 && at < end);
    }
    if (at + literals > end || to + literals > out.length) throw new Error('a block of LZ4 is broken');
    if (literals > 32) {
      from.copy(out, to, at, at + literals);
      at += literals;
      to += literals;
    } else {
      for (; literals > 0; literals--) out[to++] = from[at++] as number;
    }
    if (at === end) return to;
    const offset = (from[at] as number) | ((from[at + 1] as number) << 8);
    at += 2;
    let match = (token & 15) + 4;
    if (match === 19) {
      let more: number;
      do {
        more = from[at++] as number;
        match += more;
      } while (more === 255 && at < end);
    }
    if (!(offset > 0 && offset <= to && at <= end && to + match <= out.length))
      throw new Error('a block of LZ4 is broken');
    // Byte by byte: a match may reach into what it writes.
    for (let source = to - offset; match > 0; match--) out[to++] = out[source++] as number;
  }
  return to;
}

export function lz4Encode(from: Buffer): Buffer {
  const blocks = Math.ceil(from.length / blockBytes);
  const out = Buffer.allocUnsafeSlow(
    frameHeader.length + from.length + Math.ceil(from.length / 255) + blocks * 32 + 4,
  );
  frameHeader.copy(out);
  let to = frameHeader.length;
  const table = new Int32Array(hashSize);
  for (let at = 0; at < from.length; at += blockBytes) {
    const end = Math.min(from.length, at + blockBytes);
    table.fill(-1);
    const size = encodeBlock(from, at, end, out, to + 4, table);
    if (size < end - at) {
      out.writeUInt32LE(size, to);
      to += 4 + size;
    } else {
      out.writeUInt32LE((isPlain | (end - at)) >>> 0, to);
      from.copy(out, to + 4, at, end);
      to += 4 + end - at;
    }
  }
  out.writeUInt32LE(0, to);
  return out.subarray(0, to + 4);
}

const hashBits = 14;
const hashSize = 1 << hashBits;
/** The last bytes of a block are literals, and no match begins in the last twelve. */
const lastLiterals = 5;
const lastMatch = 12;

/** Greedy, with one candidate a hash; answers the size of the block. */
function encodeBlock(
  from: Buffer,
  start: number,
  end: number,
  out: Buffer,
  begin: number,
  table: Int32Array,
): number {
  let to = begin;
  let anchor = start;
  let at = start;

  function lengthBytes(rest: number): void {
    let left = rest;
    for (; left >= 255; left -= 255) out[to++] = 255;
    out[to++] = left;
  }

  /** Literals from the anchor on, with the upper half of their token. */
  function literals(until: number, match: number): void {
    const count = until - anchor;
    out[to++] = (Math.min(count, 15) << 4) | Math.min(match, 15);
    if (count >= 15) lengthBytes(count - 15);
    from.copy(out, to, anchor, until);
    to += count;
  }

  while (at < end - lastMatch) {
    const word =
      (from[at] as number) |
      ((from[at + 1] as number) << 8) |
      ((from[at + 2] as number) << 16) |
      ((from[at + 3] as number) << 24);
    const hash = Math.imul(word, 0x9e3779b1) >>> (32 - hashBits);
    const candidate = table[hash] as number;
    table[hash] = at;
    if (
      candidate < 0 ||
      at - candidate > 0xffff ||
      from[candidate] !== from[at] ||
      from[candidate + 1] !== from[at + 1] ||
      from[candidate + 2] !== from[at + 2] ||
      from[candidate + 3] !== from[at + 3]
    ) {
      // What does not compress is passed over faster and faster.
      at += 1 + ((at - anchor) >> 6);
      continue;
    }
    let length = 4;
    while (at + length < end - lastLiterals && from[candidate + length] === from[at + length]) length++;
    literals(at, length - 4);
    const offset = at - candidate;
    out[to++] = offset & 0xff;
    out[to++] = offset >> 8;
    if (length - 4 >= 15) lengthBytes(length - 4 - 15);
    at += length;
    anchor = at;
  }
  literals(end, 0);
  return to - begin;
}
