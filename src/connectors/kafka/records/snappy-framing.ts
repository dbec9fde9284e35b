/**
 * The framing of xerial's snappy-java, which Kafka's Java clients write: a magic word, two versions, then blocks, each behind its length.
 * librdkafka and others write one bare block; both are read, and the framing is written, which everybody reads.
 */
const magic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const header = Buffer.concat([magic, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
const blockBytes = 32 * 1024;

export function snappyEncode(bytes: Buffer, compress: (block: Buffer) => Uint8Array): Buffer {
  const parts: Uint8Array[] = [header];
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = compress(bytes.subarray(at, at + blockBytes));
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

export function snappyDecode(bytes: Buffer, uncompress: (block: Buffer) => Uint8Array): Buffer {
  if (!bytes.subarray(0, magic.length).equals(magic)) return Buffer.from(uncompress(bytes));
  const parts: Uint8Array[] = [];
  for (let at = header.length; at < bytes.length; ) {
    const start = at + 4;
    const end = start + bytes.readInt32BE(at);
    if (end <= at || end > bytes.length) throw new Error('a block of snappy is cut off');
    parts.push(uncompress(bytes.subarray(start, end)));
    at = end;
  }
  return Buffer.concat(parts);
}
