import type { Readable } from 'node:stream';
import { NstackError } from '../../core/index.ts';
import type { ContainerEngine, ImageInfo } from '../../engine/index.ts';
import { type BegunLoad, beginLoad } from './begun-load.ts';
import { fullArchive, type ImageParts } from './image-archive.ts';

export interface LoadOptions {
  /** A request that the engine has already. */
  readonly begun?: BegunLoad | undefined;
  readonly signal: AbortSignal;
}

/**
 * Loads an image that stands on one which the engine has. The engine is first given the layers alone that none of its images has (`known` counts, from the lowest, those that one
 * has), then all of the image's own; one that refuses them gets everything. Fails with `build-failed`.
 */
export async function loadImage(
  engine: ContainerEngine,
  image: ImageParts,
  below: string,
  { known = 0, signal, ...first }: LoadOptions & { readonly known?: number },
): Promise<ImageInfo> {
  const fewest = onKnown(image, known);
  const loaded =
    (await loadParts(engine, fewest ?? image, { ...first, signal })) ??
    (fewest === undefined ? undefined : await loadParts(engine, image, { signal })) ??
    (await loadFull(engine, image, await engine.saveImage(below), signal));
  if (loaded !== undefined) return loaded;
  throw new NstackError(
    'build-failed',
    `${engine.description} took the image ${image.reference}, but does not have it`,
  );
}

/** The same image, with the layers that are known counted to those below; undefined where no layer of its own is. */
function onKnown(image: ImageParts, known: number): ImageParts | undefined {
  const own = known - image.below.length;
  if (own <= 0) return undefined;
  const there = image.layers.slice(0, own).map(({ diffId }) => diffId);
  return { ...image, below: [...image.below, ...there], layers: image.layers.slice(own) };
}

/** Loads the new layers alone; undefined where the engine refuses that, or does not have the image with every layer then. */
export async function loadParts(
  engine: ContainerEngine,
  image: ImageParts,
  { begun, signal }: LoadOptions,
): Promise<ImageInfo | undefined> {
  const load = begun ?? beginLoad(engine.loadImage, signal);
  try {
    await load.send(image);
    return await whole(engine, image);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NstackError && error.code === 'build-failed') return undefined;
    // A request that waited for long may have been cut off.
    if (begun !== undefined) return loadParts(engine, image, { signal });
    throw error;
  }
}

async function loadFull(
  engine: ContainerEngine,
  image: ImageParts,
  saved: Readable,
  signal: AbortSignal,
): Promise<ImageInfo | undefined> {
  await engine.loadImage(fullArchive(image, saved), signal);
  return whole(engine, image);
}

/** The image, where the engine has it with every layer. */
async function whole(
  engine: ContainerEngine,
  { reference, below, layers }: ImageParts,
): Promise<ImageInfo | undefined> {
  const image = await engine.inspectImage(reference);
  const expected = [...below, ...layers.map(({ diffId }) => diffId)];
  return image?.layers.join() === expected.join() ? image : undefined;
}
