import type { ServiceFolder } from '../../stacks/index.ts';
import { cacheFolder } from '../cache-folder.ts';
import type { Layer } from '../image/layer.ts';
import { writeImageRecord } from './image-records.ts';
import { openLayerStore } from './layer-store.ts';
import { sourceOrigin } from './source-origin.ts';

/** Bytes; larger layers are taken from the engine when they are pushed. */
const mostUnpacked = 64 * 1024 * 1024;

export interface BuiltParts {
  readonly folder: ServiceFolder;
  /** The config's exact bytes. */
  readonly config: Uint8Array;
  /** The service's own layers. */
  readonly layers: readonly Layer[];
  readonly signal: AbortSignal;
}

/**
 * Begins at once to compress a service's own layers, so that this is done while the probe waits for a container; what it answers waits for it and then records the
 * image, which must be proved by then. A push finds all of it in the cache and asks no engine. A cache that cannot be written costs that push its speed, and the build nothing.
 */
export function packForPush({ folder, config, layers, signal }: BuiltParts): () => Promise<void> {
  const packed = pack(layers);
  const origin = sourceOrigin(folder.root, signal);
  for (const begun of [packed, origin]) begun.catch(() => {});
  return async () => {
    try {
      const cache = await packed;
      const { name, version } = folder.manifest;
      const found = await origin;
      await writeImageRecord(cache, {
        name,
        version,
        config: Buffer.from(config).toString('utf8'),
        ...(found === undefined ? {} : { origin: found }),
      });
    } catch {
      signal.throwIfAborted();
    }
  };
}

async function pack(layers: readonly Layer[]): Promise<string> {
  const cache = await cacheFolder();
  const store = await openLayerStore(cache);
  for (const { diffId, size, open } of layers) {
    const known = await store.find(diffId);
    if (size > mostUnpacked || (known !== undefined && (await store.holds(known)))) continue;
    await store.keep(open());
  }
  return cache;
}
