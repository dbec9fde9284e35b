import type { FileHandle } from 'node:fs/promises';
import type { ByteInput } from './byte-input.ts';
import { fileError } from './file-error.ts';

/**
 * Other sizes made no difference beyond the noise of bench/connectors.ts, and what is in flight keeps its whole chunk in memory.
 */
const chunkBytes = 256 * 1024;

/** Reads a regular file to its end, one chunk ahead. It owns the handle. `shown` is the path for messages. */
export function createFileInput(handle: FileHandle, shown: string, size: number): ByteInput {
  /** Where the next read begins, and what has been given out. */
  let at = 0;
  let done = 0;
  let jumped = false;
  let closed = false;
  let closing: Promise<void> | undefined;

  async function readChunk(): Promise<Buffer> {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(chunkBytes), 0, chunkBytes, at);
    at += bytesRead;
    return buffer.subarray(0, bytesRead);
  }

  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    let next = readChunk();
    try {
      for (;;) {
        const chunk = await next;
        if (jumped) {
          jumped = false;
          at = done;
          next = readChunk();
          continue;
        }
        if (chunk.length === 0 || closed) return;
        done += chunk.length;
        next = readChunk();
        yield chunk;
      }
    } catch (error) {
      if (!closed) throw fileError(error, 'read', shown);
    } finally {
      await next.catch(() => {});
    }
  }

  return {
    chunks,
    skip(bytes) {
      const skipped = Math.max(0, Math.min(bytes, size - done));
      done += skipped;
      jumped = true;
      return skipped;
    },
    get done() {
      return done;
    },
    total: size,
    close() {
      closed = true;
      closing ??= handle.close();
      return closing;
    },
  };
}
