import type { Readable } from 'node:stream';
import { loadImageAtOnce } from '../../engine/load-at-once.ts';
import { begun } from '../begun.ts';
import { type ImageParts, partialArchive } from './image-archive.ts';

/** A request to load an image that is not known yet. Docker Engine starts a process for it, which then waits for the archive. */
export interface BegunLoad {
  /** Sends the image, once. Fails as {@link ContainerEngine.loadImage} does. */
  send(image: ImageParts): Promise<void>;
  /** Takes the request back, unless an image was sent. */
  cancel(): void;
}

/** What sends it: a connected engine, or {@link loadImageAtOnce}. */
export type LoadFunction = (archive: Readable, signal: AbortSignal) => Promise<void>;

/** Before an engine is connected to. Where it is not to be had so, sending fails. */
export function beginLoadAtOnce(signal: AbortSignal): BegunLoad {
  return beginLoad(loadImageAtOnce, signal);
}

export function beginLoad(load: LoadFunction, signal: AbortSignal): BegunLoad {
  const image = Promise.withResolvers<ImageParts>();
  begun(image.promise);
  const cancelled = new AbortController();
  const either = AbortSignal.any([signal, cancelled.signal]);
  const archive = partialArchive(image.promise);
  const loaded = begun(load(archive, either));
  let isSent = false;
  return {
    send(parts) {
      isSent = true;
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
