import type { ContainerEngine } from '../../engine/index.ts';
import { cacheFolder } from '../cache-folder.ts';
import { layerBound } from '../store/index.ts';
import { builderGarbage } from './builder-garbage.ts';
import { cacheGarbage } from './cache-garbage.ts';
import type { Garbage } from './garbage.ts';
import { imageGarbage } from './image-garbage.ts';

export interface CollectOptions {
  /** Days: packages, toolchains and notes that a build used within them are kept. */
  readonly keepDays: number;
  /** Find it, and remove nothing. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  readonly now?: number;
}

/** What was removed, or would be. */
export type Collected = Omit<Garbage, 'remove'>;

const aDay = 86_400_000;

/**
 * Removes what nstack has made on this machine and nothing needs any more: images that no service stands on, what killed builds have left, instances without an owner, and
 * old notes in the cache folder. What an instance runs, what a build uses, built services and the base stay, and so does everything that nstack did not make.
 */
export async function collectGarbage(
  engine: ContainerEngine,
  { keepDays, dryRun, signal, env, now = Date.now() }: CollectOptions,
): Promise<readonly Collected[]> {
  const folder = await cacheFolder(env);
  const since = now - keepDays * aDay;
  // An instance whose owner is gone would keep its image from being removed.
  if (!dryRun) await engine.sweep();
  const images = await imageGarbage(engine, { cacheFolder: folder, since, signal });
  const bound = layerBound(env ?? process.env);
  const found = [
    // Before the images that they are made of.
    ...(await builderGarbage(engine)),
    ...images,
    ...(await cacheGarbage(folder, { since, bound, now })),
  ];
  const collected: Collected[] = [];
  for (const { remove, ...garbage } of found) {
    signal.throwIfAborted();
    if (dryRun || (await remove())) collected.push(Object.freeze(garbage));
  }
  return collected;
}
