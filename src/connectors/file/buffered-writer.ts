import type { FileHandle } from 'node:fs/promises';

/** Each write costs a hand-over between threads, which is next to nothing a message at this size. */
const bufferBytes = 512 * 1024;

/**
 * Gathers bytes into large writes: one buffer is filled while the other is on its way to the disk, which is all that is held. A `write`
 * resolves when its bytes are copied; calls may overlap and keep their order. The first failure fails every call from then on.
 */
export interface BufferedWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when everything is with the system. */
  flush(): Promise<void>;
}

export function createBufferedWriter(handle: FileHandle): BufferedWriter {
  let filling = Buffer.allocUnsafeSlow(bufferBytes);
  let spare = Buffer.allocUnsafeSlow(bufferBytes);
  let length = 0;
  let onItsWay: Promise<void> = Promise.resolve();
  let last: Promise<void> = Promise.resolve();

  /** Sends what is gathered, once the write before it is done, and goes on with the other buffer. */
  async function send(): Promise<void> {
    await onItsWay;
    const sent = filling;
    const sentLength = length;
    filling = spare;
    spare = sent;
    length = 0;
    onItsWay = writeAll(sent.subarray(0, sentLength));
    onItsWay.catch(() => {});
  }

  async function writeAll(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, at);
      at += bytesWritten;
    }
  }

  async function copy(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      if (length === bufferBytes) await send();
      const part = bytes.subarray(at, at + bufferBytes - length);
      filling.set(part, length);
      length += part.length;
      at += part.length;
    }
  }

  function afterLast(work: () => Promise<void>): Promise<void> {
    last = last.then(work);
    last.catch(() => {});
    return last;
  }

  return {
    write: (bytes) => afterLast(() => copy(bytes)),
    flush: () =>
      afterLast(async () => {
        await send();
        await onItsWay;
      }),
  };
}
