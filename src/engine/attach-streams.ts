import type { Duplex } from 'node:stream';
import { type Readable, Writable } from 'node:stream';
import type Docker from 'dockerode';
import { demultiplex } from './demultiplex.ts';

export interface AttachedStreams {
  readonly input: Writable;
  readonly output: Readable;
  readonly log: Readable;
  close(): void;
}

/**
 * Attaches to a container that has not been started yet, so that nothing it writes is missed. `stderr` alone, both streams of `output`, or
 * `all` three: the way that works with every engine, at a third of the throughput of pipes.
 */
export async function attachStreams(
  container: Docker.Container,
  which: 'stderr' | 'output' | 'all',
  signal: AbortSignal,
): Promise<AttachedStreams> {
  const options = {
    hijack: true,
    _query: { stream: '1', stdin: flag(which === 'all'), stdout: flag(which !== 'stderr'), stderr: '1' },
    // Otherwise the client sends the options as the request's body too, which a container could get as its stdin.
    _body: {},
    abortSignal: signal,
  };
  const socket = (await container.attach(options)) as Duplex;
  const { output, log } = demultiplex(socket);
  return { input: halfOf(socket), output, log, close: () => socket.destroy() };
}

function flag(wanted: boolean): '1' | '0' {
  return wanted ? '1' : '0';
}

/** The writing half as a stream of its own, so that destroying it does not lose what is still to be read. */
function halfOf(socket: Duplex): Writable {
  const half = new Writable({
    write: (chunk: Uint8Array, _encoding, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy(error, done) {
      if (!socket.writableEnded) socket.end();
      done(error);
    },
  });
  half.on('error', () => {});
  socket.once('close', () => half.destroy(socket.errored ?? new Error('the service closed its stdin')));
  return half;
}
