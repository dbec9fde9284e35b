import type { ContainerEngine } from '../../engine/index.ts';
import { begun } from '../begun.ts';
import { type ImageParts, partialArchive } from './image-archive.ts';

/** A request to load an image that is not known yet. Docker Engine starts a process for it, which then waits for the archive. */
export interface BegunLoad {
  /** Sends the image, once; `onSent` is told when the engine has all of it. Fails as {@link ContainerEngine.loadImage} does. */
  send(image: ImageParts, onSent?: () => void): Promise<void>;
  /** Takes the request back, unless an image was sent. */
  cancel(): void;
}

export function beginLoad(engine: Promise<ContainerEngine>, signal: AbortSignal): BegunLoad {
  const image = Promise.withResolvers<ImageParts>();
  begun(image.promise);
  const cancelled = new AbortController();
  const either = AbortSignal.any([signal, cancelled.signal]);
  const archive = partialArchive(image.promise);
  const loaded = begun(engine.then(({ loadImage }) => loadImage(archive, either)));
  let isSent = false;
  return {
    send(parts, onSent) {
      isSent = true;
      if (onSent !== undefined) archive.once('end', onSent);
      image.resolve(parts);
      return loaded;
    },
    cancel() {
      if (isSent) return;
      cancelled.abort();
      image.reject(new Error('the image is not loaded'));
    },
  };
}
