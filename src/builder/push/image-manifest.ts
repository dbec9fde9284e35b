import { digestOf } from '../../core/index.ts';
import { labels, mediaTypes } from '../../registry/index.ts';
import type { StoredLayer } from '../store/index.ts';
import type { PushSubject } from './push-subject.ts';

/** What a registry is to hold under the tag: the manifest's exact bytes. */
export interface ImageManifest {
  readonly bytes: Uint8Array;
  readonly digest: string;
}

/** A longer API is in the labels alone: registries bound manifests. */
const longestApi = 64 * 1024;

/** The OCI manifest of an image: config, compressed layers, and annotations that tell what it is without reading anything else. Equal images make equal bytes. */
export function imageManifest(subject: PushSubject, layers: readonly StoredLayer[]): ImageManifest {
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: {
      mediaType: mediaTypes.config,
      digest: subject.imageId,
      size: Buffer.byteLength(subject.config),
    },
    layers: layers.map(({ digest, size }) => ({ mediaType: mediaTypes.layer, digest, size })),
    annotations: annotationsOf(subject),
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return { bytes, digest: digestOf(bytes) };
}

/** The predefined annotation keys of the OCI image specification, and nstack's own, which are named as the labels are. */
function annotationsOf({
  labels: stated,
  created,
  origin,
  description,
}: PushSubject): Record<string, string> {
  const api = stated[labels.api] ?? '';
  const found: Readonly<Record<string, string | undefined>> = {
    [labels.api]: api.length > longestApi ? undefined : api,
    [labels.name]: stated[labels.name],
    [labels.stack]: stated[labels.stack],
    [labels.version]: stated[labels.version],
    'org.opencontainers.image.created': created,
    'org.opencontainers.image.description': description,
    'org.opencontainers.image.revision': origin?.revision,
    'org.opencontainers.image.source': origin?.source,
    'org.opencontainers.image.title': stated[labels.name],
    'org.opencontainers.image.version': stated[labels.version],
  };
  return Object.fromEntries(
    Object.entries(found).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  );
}
