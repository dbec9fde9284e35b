import type { CachePlace } from '../builder/index.ts';
import type { CliContext, CliOption, CliOptions } from './command.ts';

export const cacheOptions: readonly CliOption[] = [
  {
    flags: '--cache-from <place...>',
    description: 'look here for packages and compilers: a folder (./cache), or a registry with a path',
  },
  { flags: '--cache-to <place...>', description: 'put packages and compilers here, for the next machine' },
];

/** The places that the user names for the cache of builds. Fails with `usage`. */
export async function cachePlaces(
  { cwd, env, signal }: CliContext,
  { cacheFrom, cacheTo }: CliOptions,
  onProgress: (text: string) => void,
): Promise<{ readonly from: readonly CachePlace[]; readonly to: readonly CachePlace[] }> {
  if (cacheFrom === undefined && cacheTo === undefined) return { from: [], to: [] };
  const { openCachePlace } = await import('../builder/index.ts');
  const places = (names: CliOptions[string]) =>
    (Array.isArray(names) ? names : []).map((name: string) =>
      openCachePlace(name, { cwd, env, signal, onProgress }),
    );
  return { from: places(cacheFrom), to: places(cacheTo) };
}
