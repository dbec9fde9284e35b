import { Readable } from 'node:stream';
import { readToEnd } from './engine-events.ts';
import { exchange, plainAddress } from './exchange.ts';

/**
 * Loads a `docker save` archive as {@link ContainerEngine.loadImage} does, before any client library is loaded. Fails with `build-failed` where the engine says no; whatever else it fails with, a
 * connected engine may be asked again.
 */
export async function loadImageAtOnce(archive: Readable, signal: AbortSignal): Promise<void> {
  try {
    const address = plainAddress(process.env);
    if (address === undefined) throw new Error('the engine is not reached by a plain socket');
    const answer = await exchange(address, { method: 'POST', path: '/images/load', body: archive, signal });
    await readToEnd(Readable.from([answer]), 'load an image archive');
  } finally {
    archive.destroy();
  }
}
