import type { ContainerEngine, ImageInfo } from '../../engine/index.ts';
import type { LayerStore } from '../store/index.ts';
import { exportImage } from './export-image.ts';
import type { CachePlace } from './image-place.ts';
import { importImage } from './import-image.ts';

/** Images that builds stand on (base, packages, compilers), kept where other machines find them. They are found by the same references as in the engine. */
export interface BuildCache {
  /** Brings an image into the engine under its reference; undefined where no place has it. */
  fetch(reference: string, onLine: (line: string) => void): Promise<ImageInfo | undefined>;
  /** Whether there is a place to be filled. */
  readonly fills: boolean;
  /** Puts the images wherever the cache is to be filled and does not have them yet. Answers how many were put. */
  keep(references: readonly string[], onLine: (line: string) => void): Promise<number>;
}

export interface BuildCacheOptions {
  readonly engine: ContainerEngine;
  readonly store: LayerStore;
  /** Looked at in this order. */
  readonly from: readonly CachePlace[];
  readonly to: readonly CachePlace[];
  readonly signal: AbortSignal;
}

/** A place that cannot be read fails the build: a job without the cache it counts on would be slow without a word. */
export function createBuildCache({ engine, store, from, to, signal }: BuildCacheOptions): BuildCache {
  return {
    fills: to.length > 0,
    async fetch(reference, onLine) {
      for (const place of from) {
        const image = await importImage(engine, place, reference, { onLine, signal });
        if (image !== undefined) return image;
      }
      return undefined;
    },
    async keep(references, onLine) {
      let put = 0;
      for (const place of to)
        for (const reference of references)
          if (await exportImage(engine, place, reference, { store, onLine, signal })) put++;
      return put;
    },
  };
}
