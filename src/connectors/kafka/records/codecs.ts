import zlib from 'node:zlib';
import { NstackError } from '../../../core/index.ts';
import { lz4Decode, lz4Encode } from './lz4.ts';
import { snappyDecode, snappyEncode } from './snappy-framing.ts';

/** As `compression.type` of Kafka's own clients names them; the place in the list is the number in a batch's attributes. */
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/** Compresses and restores the records of a batch. Both are synchronous: a batch is small, and its turn is now. */
export interface Codec {
  readonly id: number;
  encode(bytes: Buffer): Buffer;
  /** The result is the caller's. Throws where the bytes are not what they claim to be. */
  decode(bytes: Buffer): Buffer;
}

/** Largest content of one batch after decompression; a batch beyond it is hostile, since brokers take one MiB by default. */
const largestContent = 256 * 1024 * 1024;
/** No honest bytes grow beyond that; a length that claims more would only make us allocate it. */
const snappyRatio = 32;
const bounded = { maxOutputLength: largestContent };

/** Fails with `connector-invalid` where this Node.js has no zstd. */
export async function openCodec(name: Compression): Promise<Codec> {
  const id = compressions.indexOf(name);
  if (name === 'none') return { id, encode: (bytes) => bytes, decode: (bytes) => bytes };
  if (name === 'gzip')
    return {
      id,
      // The fastest level: on JSON it leaves a fifth more bytes than the default, for a third of the time.
      encode: (bytes) => zlib.gzipSync(bytes, { level: 1 }),
      decode: (bytes) => zlib.gunzipSync(bytes, bounded),
    };
  if (name === 'zstd') {
    if (zlib.zstdDecompressSync === undefined)
      throw new NstackError('connector-invalid', `this Node.js (${process.version}) has no zstd`, {
        hint: 'Run nstack on Node.js 22.15 or newer.',
      });
    return {
      id,
      encode: (bytes) => zlib.zstdCompressSync(bytes),
      decode: (bytes) => zlib.zstdDecompressSync(bytes, bounded),
    };
  }
  if (name === 'snappy') {
    const { default: snappy } = await import('snappyjs');
    return {
      id,
      encode: (bytes) => snappyEncode(bytes, snappy.compress),
      decode: (bytes) => snappyDecode(bytes, (block) => snappy.uncompress(block, block.length * snappyRatio)),
    };
  }
  return { id, encode: lz4Encode, decode: (bytes) => lz4Decode(bytes, largestContent) };
}
