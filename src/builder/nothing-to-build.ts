import type { SeenImage } from '../engine/index.ts';
import { seeImagesAtOnce } from '../engine/see-images.ts';
import type { BuiltService } from './built-service.ts';
import { type RememberedFolder, unchangedFolder } from './record/remembered-folder.ts';
import { isUpToDate } from './up-to-date.ts';

/**
 * The registered service of a folder that nothing was written to since it was built, by one request to the engine; the folder's files are looked
 * at, not read. `changed` where it was built and a file was written to since, `unknown` where nothing can be told so: then {@link buildService} finds out. Fails with `release-exists`.
 */
export async function nothingToBuild(root: string): Promise<BuiltService | 'changed' | 'unknown'> {
  const remembered = await unchangedFolder(root);
  if (typeof remembered === 'string') return remembered;
  const images = await seeImagesAtOnce({
    references: [remembered.reference, remembered.baseReference],
  });
  if (images === undefined) return 'unknown';
  const existing = imageOf(images, remembered.reference);
  const base = imageOf(images, remembered.baseReference);
  // On another base the inputs are others, but for a release.
  const inputs = base?.id === remembered.baseId ? remembered.inputs : undefined;
  if (!isUpToDate({ ...remembered, inputs }, existing, false) || existing === undefined) return 'unknown';
  return builtService(remembered, existing);
}

/** The one that bears a reference. */
export function imageOf(images: readonly SeenImage[], reference: string): SeenImage | undefined {
  return images.find(({ tags }) => tags.includes(reference));
}

function builtService({ name, version, reference }: RememberedFolder, image: SeenImage): BuiltService {
  return { name, version, image: reference, imageId: image.id, size: image.size };
}
