import { PassThrough } from 'node:stream';
import { type BridgePeer, createPeer } from '../../src/bridge/index.ts';
import { compileValidator, type Type } from '../../src/types/index.ts';

/** A peer whose service is the test itself. */
export interface Streams extends Disposable {
  readonly peer: BridgePeer;
  /** What the hub reads: the service's stdout. */
  readonly input: PassThrough;
  /** What the hub writes: the service's stdin. */
  readonly output: PassThrough;
  /** Says text as the service, in one chunk. */
  say(text: string): void;
}

export function openStreams(result: Type = { kind: 'json' }): Streams {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const peer = createPeer({
    input,
    output,
    results: () => compileValidator(result, 'result'),
    limits: { message: 1_000_000, depth: 256 },
    onEvent: () => {},
  });
  return {
    peer,
    input,
    output,
    say: (text) => void input.write(text),
    [Symbol.dispose]: () => peer.close(),
  };
}
