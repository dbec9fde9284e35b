import type { ContainerEngine } from '../../engine/index.ts';
import { labels } from '../../registry/index.ts';
import { baseReference } from '../base/base-image.ts';

/**
 * How many of an image's layers, from below, the engine has: as many as one of its images begins with. Engines know a layer by what is below it, so only those
 * need not be fetched.
 */
export async function sharedLayers(engine: ContainerEngine, layers: readonly string[]): Promise<number> {
  const [base, services, packages] = await Promise.all([
    engine.inspectImage(baseReference),
    engine.listImages(labels.name),
    engine.listImages(labels.packages),
  ]);
  const shared = [base, ...services, ...packages].map((image) => commonStart(image?.layers ?? [], layers));
  return Math.max(...shared);
}

function commonStart(one: readonly string[], other: readonly string[]): number {
  const difference = one.findIndex((layer, index) => layer !== other[index]);
  return difference < 0 ? one.length : difference;
}
