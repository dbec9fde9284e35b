import { Readable } from 'node:stream';
import { mapAtMost, type OciRegistry, type PublishedService } from '../../registry/index.ts';
import type { LayerStore, StoredLayer } from '../store/index.ts';

/** Layers on their way at once. */
const atOnce = 3;

export interface FetchOptions {
  readonly registry: OciRegistry;
  readonly repository: string;
  readonly store: LayerStore;
  /** Layers from below that are not needed. */
  readonly skip: number;
  /** Bytes that have come, of how many. */
  readonly onBytes: (done: number, total: number) => void;
}

/** Sees to it that the store has the layers of an image, checked, and answers them in order. Fails with `registry-unavailable`, ... */
export async function fetchLayers(
  { layers, image }: PublishedService,
  { registry, repository, store, skip, onBytes }: FetchOptions,
): Promise<readonly StoredLayer[]> {
  const place = `${registry.host}/${repository}`;
  const needed = layers.flatMap((diffId, index) => {
    const blob = image.layers[index];
    return index < skip || blob === undefined ? [] : [{ diffId, blob }];
  });
  const held = await Promise.all(needed.map(({ diffId }) => heldLayer(store, diffId)));
  const total = needed.reduce((sum, { blob }, index) => sum + (held[index] === undefined ? blob.size : 0), 0);
  let done = 0;
  return mapAtMost(atOnce, [...needed.entries()], async ([index, { diffId, blob }]) => {
    const there = held[index];
    if (there !== undefined) return there;
    const counted = counting(await registry.blob(repository, blob), (bytes) => {
      done += bytes;
      onBytes(done, total);
    });
    const layer = await store.keepPacked(counted, { diffId, digest: blob.digest });
    await store.seen(layer, place);
    return layer;
  });
}

async function heldLayer(store: LayerStore, diffId: string): Promise<StoredLayer | undefined> {
  const layer = await store.find(diffId);
  return layer !== undefined && (await store.holds(layer)) ? layer : undefined;
}

function counting(source: Readable, onBytes: (bytes: number) => void): Readable {
  return Readable.from(
    (async function* () {
      for await (const piece of source as AsyncIterable<Buffer>) {
        onBytes(piece.length);
        yield piece;
      }
    })(),
    { objectMode: false },
  );
}
