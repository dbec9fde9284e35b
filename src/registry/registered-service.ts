import { NstackError } from '../core/index.ts';
import type { ImageInfo } from '../engine/index.ts';
import { manifestFromJson } from '../manifest/label.ts';
import { imageReference } from './image-reference.ts';
import { labels, type RegisteredService } from './service.ts';

/**
 * Reads a service from its image's labels. Undefined where the image is not, or no longer, what its name and version stand for: an older
 * build, or a copy under another tag. Throws `manifest-invalid` where the labels hold no manifest, or one of another service.
 */
export function registeredService(image: ImageInfo): RegisteredService | undefined {
  const [name, version, text] = [labels.name, labels.version, labels.manifest].map(
    (key) => image.labels[key],
  );
  if (name === undefined || version === undefined) return undefined;
  const reference = imageReference(name, version);
  if (!image.tags.includes(reference)) return undefined;
  const manifest = manifestFromJson(text ?? '');
  if (manifest.name !== name || manifest.version !== version) {
    throw new NstackError(
      'manifest-invalid',
      `the labels of ${reference} hold the manifest of ${manifest.name}:${manifest.version}`,
      { hint: 'build the image again with: nstack build' },
    );
  }
  return Object.freeze<RegisteredService>({
    name,
    version,
    image: reference,
    imageId: image.id,
    manifest,
    built: image.created,
    size: image.size,
  });
}
