import type { ImageInfo, SeenImage } from '../../engine/index.ts';
import { labels } from '../../registry/index.ts';

/** What an image says of one of its layers, in the label {@link labels.layers}. */
export interface LayerRecord {
  /** `base`, `runtime`, `os`, `language`, `commands`, `compiler`, or the name of a layer of a service. */
  readonly name: string;
  /** Digest of all that goes into it, and of what it stands on: equal keys make equal layers. */
  readonly key: string;
  /** `sha256:...` of the uncompressed tar. */
  readonly diffId: string;
  /** Bytes of the tar; of the base, whose layers the engine does not tell apart, of all its files, at its last one. */
  readonly size: number;
}

/** An image's layers from below, as it names them itself. One that nstack has not built is a base. */
export function layerRecords(image: ImageInfo): readonly LayerRecord[] {
  const text = image.labels[labels.layers];
  if (text !== undefined) return JSON.parse(text);
  return image.layers.map((diffId, index) => ({
    name: 'base',
    key: image.id,
    diffId,
    size: index === image.layers.length - 1 ? image.size : 0,
  }));
}

export function layersLabel(records: readonly LayerRecord[]): Readonly<Record<string, string>> {
  return { [labels.layers]: JSON.stringify(records) };
}

/** What an image's label says of its layers; nothing where it has none, or one of another shape. */
export function labelledLayers({ labels: own }: Pick<SeenImage, 'labels'>): readonly LayerRecord[] {
  try {
    const layers: unknown = JSON.parse(own[labels.layers] ?? '[]');
    return Array.isArray(layers) && layers.every(isRecord) ? layers : [];
  } catch {
    return [];
  }
}

/** How many layers, from below, one of the images has in common with these. */
export function layersInCommon(
  diffIds: readonly string[],
  images: readonly Pick<SeenImage, 'labels'>[],
): number {
  const counts = images.map((image) => {
    const layers = labelledLayers(image);
    const other = diffIds.findIndex((diffId, index) => layers[index]?.diffId !== diffId);
    return other < 0 ? diffIds.length : other;
  });
  return Math.max(0, ...counts);
}

function isRecord(one: unknown): one is LayerRecord {
  if (typeof one !== 'object' || one === null) return false;
  const { name, key, diffId, size }: Partial<LayerRecord> = one;
  return [name, key, diffId].every((text) => typeof text === 'string') && typeof size === 'number';
}
