import type { Writable } from 'node:stream';
import { NstackError } from '../core/index.ts';

export interface FrameWriter {
  /**
   * Writes one frame from its pieces, as they stand and without joining them, with one system call where the pipe takes it. The bytes are the
   * writer's until the pipe has taken them.
   */
  write(pieces: readonly (string | Uint8Array)[]): void;
  /** True while the pipe has taken everything written so far. */
  readonly writable: boolean;
  /** Resolves when the pipe has taken everything, or is gone. */
  drained(): Promise<void>;
}

/** `onFailure` is told once why nothing can be written any more; later frames are dropped. */
export function createFrameWriter(output: Writable, onFailure: (error: Error) => void): FrameWriter {
  let failed = false;
  let waiting: PromiseWithResolvers<void> | undefined;
  const go = () => {
    waiting?.resolve();
    waiting = undefined;
  };
  output.on('drain', go);
  output.once('close', go);
  // A stream may fail more than once; an error that nobody listens to would end the process.
  output.on('error', (error) => {
    go();
    if (!failed) onFailure(error);
    failed = true;
  });
  return {
    write(pieces) {
      if (failed || output.destroyed) return;
      output.cork();
      for (const piece of pieces) output.write(piece);
      output.write('\n');
      output.uncork();
    },
    get writable() {
      return !failed && !output.destroyed && !output.writableNeedDrain;
    },
    async drained() {
      if (failed || output.destroyed || !output.writableNeedDrain) return;
      waiting ??= Promise.withResolvers();
      await waiting.promise;
    },
  };
}

/** Fails where bytes that go into a frame would end it too early. */
export function refuseLineFeeds(pieces: readonly Uint8Array[], what: string): void {
  for (const piece of pieces) {
    if (Buffer.prototype.indexOf.call(piece, 10) >= 0)
      throw new NstackError('defect', `${what} holds a line feed, which would end its frame`);
  }
}
