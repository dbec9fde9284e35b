import type { ContainerEngine } from '../../engine/index.ts';
import type { ServiceFolder } from '../../stacks/index.ts';
import type { BuildServiceOptions } from '../build-subject.ts';
import type { BuildCache } from '../cache/build-cache.ts';
import type { Ground } from '../packages/packages-step.ts';
import { ensureBaseImage } from './base-image.ts';
import { presentBase } from './present-base.ts';

/** What a service stands on; the base is made where it is not there yet. */
export async function findGround(
  engine: ContainerEngine,
  folder: ServiceFolder,
  options: BuildServiceOptions,
  cache: BuildCache | undefined,
): Promise<Ground> {
  const below = await presentBase(engine, folder);
  const base =
    below === undefined || below.parent !== undefined
      ? await ensureBaseImage(engine, { ...options, cached: cache?.fetch })
      : below;
  return { base, below: below ?? base };
}
