import type { BaseImage } from '../base/base-image.ts';
import { jsonDigest } from '../json-digest.ts';

/**
 * What a lock knows the image by that a service stands on. A base is its id. A parent is its layers: the id is of its labels too, which tell a parent that was resolved from one that was
 * installed from its lock, and one commit from the next, though both have the very same files.
 */
export function groundDigest({ id, parent }: BaseImage): string {
  return parent === undefined ? id : jsonDigest(parent.image.layers);
}
