import type { ContainerEngine } from '../../engine/index.ts';
import type { BuildServiceOptions } from '../build-subject.ts';
import { cacheFolder } from '../cache-folder.ts';
import { openLayerStore } from '../store/index.ts';
import { type BuildCache, createBuildCache } from './build-cache.ts';

/** The cache of a build; undefined where the user names no place for one. */
export async function openBuildCache(
  engine: ContainerEngine,
  { cachePlaces, signal }: BuildServiceOptions,
): Promise<BuildCache | undefined> {
  if (cachePlaces === undefined || cachePlaces.from.length + cachePlaces.to.length === 0) return undefined;
  const store = await openLayerStore(await cacheFolder());
  return createBuildCache({ engine, store, ...cachePlaces, signal });
}
