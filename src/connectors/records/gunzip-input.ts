import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { NstackError } from '../../core/index.ts';
import { type ByteInput, mapChunks } from './byte-input.ts';

const chunkBytes = 256 * 1024;

/** What a gzip file holds. Progress stays that of the compressed bytes. `shown` is the path for messages. */
export function gunzipInput(input: ByteInput, shown: string): ByteInput {
  return mapChunks(input, (chunks) => decompress(chunks, shown));
}

async function* decompress(
  chunks: AsyncIterable<Buffer>,
  shown: string,
): AsyncGenerator<Buffer, void, undefined> {
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  const compressed = Readable.from(chunks, { objectMode: false });
  compressed.on('error', (error) => gunzip.destroy(error));
  try {
    yield* compressed.pipe(gunzip);
  } catch (error) {
    if (!isCompressionFault(error)) throw error;
    throw new NstackError('file-unreadable', `${shown} is no whole gzip file: ${error.message}`, {
      hint: 'Compress it again, or name it without .gz if it is not compressed.',
      cause: error,
    });
  } finally {
    compressed.destroy();
    gunzip.destroy();
  }
}

function isCompressionFault(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
