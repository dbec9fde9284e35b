import { digestOf } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import { mapAtMost, mediaTypes, outgoing, readImage } from '../../registry/index.ts';
import { showBytes } from '../push/show-bytes.ts';
import { type LayerStore, type StoredLayer, takeFromEngine } from '../store/index.ts';
import { cacheTag } from './cache-tag.ts';
import type { CachePlace } from './image-place.ts';

/** Layers on their way at once. */
const atOnce = 3;

export interface ExportOptions {
  readonly store: LayerStore;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Puts an image of the engine in a place, as an OCI image of its own; false where it is there already. */
export async function exportImage(
  engine: ContainerEngine,
  { name, place, repository }: CachePlace,
  reference: string,
  { store, onLine, signal }: ExportOptions,
): Promise<boolean> {
  const image = await engine.inspectImage(reference);
  if (image === undefined) return false;
  const tag = cacheTag(reference);
  const there = await readImage(place, repository, tag);
  if (there?.annotations[idAnnotation] === image.id) return false;

  onLine(`${reference} is read from the engine and compressed`);
  const config = outgoing(
    Buffer.from(await takeFromEngine(engine, reference, store, signal)),
    mediaTypes.config,
  );
  const layers = await storedLayers(store, image.layers);
  const total = layers.reduce((sum, { size }) => sum + size, 0);
  const show = showBytes((text) => onLine(`${reference} to ${name}: ${text}`));
  let done = 0;
  await place.pushBlob(repository, config);
  await mapAtMost(atOnce, layers, async (layer) => {
    const { digest, size } = layer;
    const open = (from: number, to: number) => store.open(layer, from, to);
    await place.pushBlob(repository, { mediaType: mediaTypes.layer, digest, size, open });
    done += size;
    show(done, total);
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, digest: config.digest, size: config.size },
    layers: layers.map(({ digest, size }) => ({ mediaType: mediaTypes.layer, digest, size })),
    annotations: { [idAnnotation]: image.id },
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  if (there === undefined || digestOf(there.bytes) !== digestOf(bytes))
    await place.putManifest(repository, tag, bytes, mediaTypes.manifest);
  return true;
}

/** What the engine that it comes from calls the image. */
const idAnnotation = 'io.nstack.image-id';

async function storedLayers(store: LayerStore, diffIds: readonly string[]): Promise<readonly StoredLayer[]> {
  return Promise.all(
    diffIds.map(async (diffId) => {
      const layer = await store.find(diffId);
      if (layer !== undefined) return layer;
      throw new Error(`the store lost the layer ${diffId} while it was used`);
    }),
  );
}
