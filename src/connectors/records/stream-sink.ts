import type { Writable } from 'node:stream';
import type { Format, Sink } from '../connector.ts';
import { fileError } from './file-error.ts';
import { linesOf } from './lines-of.ts';

/**
 * Lines into a stream that somebody reads as they come. A write is confirmed when the system has taken it; what waits meanwhile goes as
 * one. The stream is left open: it is not the sink's. `where` names it for people.
 */
export function createStreamSink(stream: Writable, format: Format, where: string): Sink {
  const enough = Promise.withResolvers<void>();
  let failure: unknown;
  let isOver = false;

  function onError(error: Error): void {
    if ('code' in error && (error.code === 'EPIPE' || error.code === 'ECONNRESET')) {
      isOver = true;
      enough.resolve();
    } else {
      failure ??= error;
    }
  }

  stream.on('error', onError);

  return {
    where,
    enough: enough.promise,
    write(batch) {
      const lines = linesOf(batch, format);
      return new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(fileError(failure, 'write', where));
        if (isOver) return resolve([]);
        stream.write(lines, (error) => {
          if (error === null || error === undefined) return resolve([]);
          onError(error);
          if (isOver) resolve([]);
          else reject(fileError(failure, 'write', where));
        });
      });
    },
    async finish() {
      stream.off('error', onError);
      if (failure !== undefined) throw fileError(failure, 'write', where);
    },
    async abandon() {
      stream.off('error', onError);
    },
  };
}
