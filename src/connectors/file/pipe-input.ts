import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { ByteInput } from '../records/byte-input.ts';
import { createStreamInput } from '../records/stream-input.ts';

/**
 * Reads a named pipe until its last writer has closed it. Both ends are opened without blocking: with a writing end of its own the pipe
 * is not over before somebody wrote to it, and that end is dropped with the first bytes.
 */
export function createPipeInput(path: string, shown: string): ByteInput {
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let writer: number | undefined = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd: reader, readable: true, writable: false });
  const dropWriter = () => {
    if (writer !== undefined) closeSync(writer);
    writer = undefined;
  };
  const input = createStreamInput(socket, shown);

  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of input.chunks()) {
      dropWriter();
      yield chunk;
    }
  }

  return {
    chunks,
    get done() {
      return input.done;
    },
    total: undefined,
    async close() {
      dropWriter();
      await input.close();
    },
  };
}
