import { NstackError } from '../../core/index.ts';
import type { ContainerEngine, ImageInfo } from '../../engine/index.ts';
import { fullArchive, type ImageParts, partialArchive } from './image-archive.ts';

/**
 * Loads an image that stands on one which the engine has. The engine is first given the new layers alone; one that refuses them gets
 * everything. Fails with `build-failed`.
 */
export async function loadImage(
  engine: ContainerEngine,
  image: ImageParts,
  below: string,
  signal: AbortSignal,
): Promise<ImageInfo> {
  try {
    await engine.loadImage(partialArchive(image), signal);
    const loaded = await whole(engine, image);
    if (loaded !== undefined) return loaded;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof NstackError) || error.code !== 'build-failed') throw error;
  }
  await engine.loadImage(fullArchive(image, await engine.saveImage(below)), signal);
  const loaded = await whole(engine, image);
  if (loaded !== undefined) return loaded;
  throw new NstackError(
    'build-failed',
    `${engine.description} took the image ${image.reference}, but does not have it`,
  );
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
