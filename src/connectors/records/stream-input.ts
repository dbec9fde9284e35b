import type { Readable } from 'node:stream';
import type { ByteInput } from './byte-input.ts';
import { fileError } from './file-error.ts';

/** Reads a stream to its end. It owns the stream, whose own buffer is the read-ahead. `name` is for messages. */
export function createStreamInput(stream: Readable, name: string): ByteInput {
  let done = 0;
  let closed = false;

  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        done += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (!closed) throw fileError(error, 'read', name);
    }
  }

  return {
    chunks,
    get done() {
      return done;
    },
    total: undefined,
    async close() {
      closed = true;
      stream.destroy();
    },
  };
}
