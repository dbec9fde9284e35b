import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ContainerEngine } from '../../engine/index.ts';
import { loadImageAtOnce } from '../../engine/load-at-once.ts';
import { begun } from '../begun.ts';
import { type ImageParts, partialArchive } from './image-archive.ts';

/** A request to load an image that is not known yet. Docker Engine starts a process for it, which then waits for the archive. */
export interface BegunLoad {
  /** Sends the image, once. Fails as {@link ContainerEngine.loadImage} does. */
  send(image: ImageParts): Promise<void>;
  /** Takes the request back, unless an image was sent. */
  cancel(): Promise<void>;
}

/** One whose request is on its way. */
export interface OpenLoad extends BegunLoad {
  /** Resolves when all of the image is on its way too, or the request is over. */
  readonly handedOver: Promise<void>;
}

/** An image that was sent before it was asked for. */
export interface SentImage {
  readonly image: ImageParts;
  readonly loaded: Promise<void>;
}

/** What sends it: a connected engine, or {@link loadImageAtOnce}. */
export type LoadFunction = (archive: Readable, signal: AbortSignal) => Promise<void>;

/** Before an engine is connected to. Where it is not to be had so, sending fails. */
export function beginLoadAtOnce(signal: AbortSignal): OpenLoad {
  return beginLoad(loadImageAtOnce, signal);
}

export function beginLoad(load: LoadFunction, signal: AbortSignal): OpenLoad {
  const image = Promise.withResolvers<ImageParts>();
  begun(image.promise);
  const cancelled = new AbortController();
  const either = AbortSignal.any([signal, cancelled.signal]);
  const archive = partialArchive(image.promise);
  // The end of the request comes a moment after that of the archive.
  const handedOver = finished(archive).then(
    () => new Promise<void>(setImmediate),
    () => {},
  );
  const loaded = begun(load(archive, either));
  let isSent = false;
  return {
    handedOver,
    send(parts) {
      isSent = true;
      image.resolve(parts);
      return loaded;
    },
    async cancel() {
      if (isSent) return;
      cancelled.abort();
      image.reject(new Error('the image is not loaded'));
    },
  };
}

/** A load that has been sent what is expected of it. Another image is loaded in its stead; cancelled, it leaves none. */
export function expectedLoad(
  engine: ContainerEngine,
  { image, loaded }: SentImage,
  signal: AbortSignal,
): BegunLoad {
  let isSent = false;
  const remove = async () => {
    await loaded.catch(() => {});
    await engine.removeImage(image.reference);
  };
  return {
    async send(parts) {
      isSent = true;
      if (parts.reference === image.reference && Buffer.compare(parts.config, image.config) === 0)
        return loaded;
      await remove();
      return beginLoad(engine.loadImage, signal).send(parts);
    },
    async cancel() {
      if (!isSent) await remove();
    },
  };
}
