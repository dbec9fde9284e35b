import { isDigest } from '../../core/index.ts';
import type { Descriptor } from './oci-registry.ts';

/** Reads a descriptor that someone else wrote; throws an Error that says what is wrong. */
export function readDescriptor(value: unknown): Descriptor {
  if (typeof value !== 'object' || value === null) throw new Error('one of its descriptors is none');
  const { mediaType, digest, size, artifactType, annotations } = value as Readonly<Record<string, unknown>>;
  if (typeof mediaType !== 'string' || !isDigest(digest) || !isSize(size))
    throw new Error('one of its descriptors lacks a media type, a sha256 digest or a size');
  return {
    mediaType,
    digest,
    size,
    ...(typeof artifactType === 'string' ? { artifactType } : {}),
    ...(isTexts(annotations) ? { annotations } : {}),
  };
}

/** What identifies it, and nothing that is said about it. */
export function bareDescriptor({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}

export function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'string')
  );
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
