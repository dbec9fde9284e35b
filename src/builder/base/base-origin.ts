import type { ContainerEngine } from '../../engine/index.ts';
import type { BaseOrigin } from '../lock/service-lock.ts';
import type { BaseImage } from './base-image.ts';

/** How an image that a service stands on came here. One that was imported as a tree of files, as a base made here is, has no command; Debian's own has one. */
export async function originOf(engine: ContainerEngine, base: BaseImage): Promise<BaseOrigin> {
  if (base.parent !== undefined) return 'parent';
  const image = await engine.inspectImage(base.id);
  return Array.isArray(image?.config.Cmd) && image.config.Cmd.length > 0 ? 'registry' : 'debian-packages';
}
