import type { SeenImage } from '../engine/index.ts';
import { seeImagesAtOnce } from '../engine/see-images.ts';
import type { BuiltService } from './built-service.ts';
import type { ExpectedImage } from './expected-image.ts';
import { folderChange, type RememberedFolder } from './record/remembered-folder.ts';
import { isUpToDate } from './up-to-date.ts';

/** What is known of a folder before it is read. */
export type KnownFolder =
  /** Built, and nothing was written to it since. */
  | { readonly service: BuiltService }
  /** Built, and a file was written to since. `expected`: the image that may come of it, as soon as those files are read. */
  | { readonly service: undefined; readonly expected: ExpectedImage | undefined };

/**
 * What is known of a folder by what was remembered when it was built, and by one request to the engine where nothing was written to it since; its files are looked
 * at, not read. Undefined where nothing can be told so: then {@link buildService} finds out. Fails with `release-exists`.
 */
export async function knownFolder(root: string): Promise<KnownFolder | undefined> {
  const found = await folderChange(root);
  if (found === undefined) return undefined;
  if (found.change === 'some') return { service: undefined, expected: found.expected };
  const { remembered } = found;
  const images = await seeImagesAtOnce({
    references: [remembered.reference, remembered.baseReference],
  });
  if (images === undefined) return undefined;
  const existing = imageOf(images, remembered.reference);
  const base = imageOf(images, remembered.baseReference);
  // On another base the inputs are others, but for a release.
  const inputs = base?.id === remembered.baseId ? remembered.inputs : undefined;
  if (!isUpToDate({ ...remembered, inputs }, existing, false) || existing === undefined) return undefined;
  return { service: builtService(remembered, existing) };
}

/** The one that bears a reference. */
export function imageOf(images: readonly SeenImage[], reference: string): SeenImage | undefined {
  return images.find(({ tags }) => tags.includes(reference));
}

function builtService({ name, version, reference }: RememberedFolder, image: SeenImage): BuiltService {
  return { name, version, image: reference, imageId: image.id, size: image.size };
}
