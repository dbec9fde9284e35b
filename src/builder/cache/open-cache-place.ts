import { resolve } from 'node:path';
import { connectRegistry, parseRegistryPlace } from '../../registry/index.ts';
import { imageLayout } from './image-layout.ts';
import type { CachePlace } from './image-place.ts';

export interface CachePlaceOptions {
  /** Where relative paths begin. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/**
 * Reads the name of a place for the build cache: a folder (`./cache`, `/var/cache/nstack`, `dir:cache`), or a registry with a path
 * (`registry.example.com/team/cache`). Fails with `usage`.
 */
export function openCachePlace(
  name: string,
  { cwd, env, signal, onProgress }: CachePlaceOptions,
): CachePlace {
  const [, folder] = /^dir:(.+)$/.exec(name) ?? /^(\.{0,2}\/.*|\.{1,2})$/.exec(name) ?? [];
  if (folder !== undefined)
    return { name, place: imageLayout(resolve(cwd, folder), signal), repository: 'nstack-cache' };
  const { host, path } = parseRegistryPlace(name);
  return {
    name,
    place: connectRegistry(host, { signal, env, onProgress }),
    repository: path.length === 0 ? 'nstack-cache' : path.join('/'),
  };
}
