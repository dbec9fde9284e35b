import type { ImageInfo } from '../../engine/index.ts';
import { labels } from '../../registry/index.ts';
import { parseLabel } from '../diff/parse-label.ts';
import { isLayers } from '../diff/service-facts.ts';
import { standsOn } from './unused-packages.ts';

/**
 * Bytes that go with an image while these others stay. Exact where its labels name its layers; otherwise what it has beyond the largest of
 * the others that it stands on.
 */
export function freedBytes(image: ImageInfo, others: readonly ImageInfo[]): number {
  const shared = new Set(others.flatMap(({ layers }) => layers));
  const named = parseLabel(image.labels[labels.layers], isLayers);
  if (named !== undefined && named.length === image.layers.length)
    return named.filter(({ diffId }) => !shared.has(diffId)).reduce((sum, { size }) => sum + size, 0);
  const below = others.filter((other) => standsOn(image, other)).map(({ size }) => size);
  return Math.max(0, image.size - Math.max(0, ...below));
}
