import type { ContainerEngine } from '../../engine/index.ts';
import type { Manifest } from '../../manifest/index.ts';
import { imageReference } from '../../registry/index.ts';
import type { ServiceFolder } from '../../stacks/index.ts';
import { findParent } from '../parent/find-parent.ts';
import { type BaseImage, baseReference } from './base-image.ts';

/** The image that a service stands on: its parent's, or the base. Undefined where the base has not been made yet. */
export async function presentBase(
  engine: ContainerEngine,
  folder: ServiceFolder,
): Promise<BaseImage | undefined> {
  const parent = await findParent(engine, folder);
  if (parent !== undefined) return { reference: parent.service.image, id: parent.image.id, parent };
  const image = await engine.inspectImage(baseReference);
  return image === undefined ? undefined : { reference: baseReference, id: image.id };
}

/** The reference of that image; undefined where only a search tells: for a parent in whatever version is newest. */
export function referenceOfBase({ parent }: Manifest): string | undefined {
  if (parent === undefined) return baseReference;
  const [name = '', version] = parent.split(':');
  return version === undefined ? undefined : imageReference(name, version);
}
