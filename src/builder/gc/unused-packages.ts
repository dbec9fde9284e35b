import type { ImageInfo } from '../../engine/index.ts';

/** What is known of the images that hold packages, or a toolchain, alone. */
export interface PackagesInUse {
  readonly packages: readonly ImageInfo[];
  /** Every image that may stand on them. */
  readonly services: readonly ImageInfo[];
  /** Milliseconds since 1970: when a build last used the image; undefined where nothing tells. */
  readonly lastUse: (image: ImageInfo) => number | undefined;
  /** What was used since is kept. */
  readonly since: number;
}

/**
 * The images of packages that no service stands on and no build has used of late. One on which another one stands that is kept is kept too; of one whose
 * last use nobody knows nothing is assumed.
 */
export function unusedPackages({ packages, services, lastUse, since }: PackagesInUse): readonly ImageInfo[] {
  const isRecent = (image: ImageInfo) => (lastUse(image) ?? Number.POSITIVE_INFINITY) >= since;
  const needing = [...services, ...packages.filter(isRecent)];
  return packages.filter((image) => !isRecent(image) && !needing.some((other) => standsOn(other, image)));
}

/** Whether an image has all layers of another one below its own. */
export function standsOn(image: ImageInfo, below: ImageInfo): boolean {
  return (
    below.layers.length > 0 &&
    below.layers.length <= image.layers.length &&
    below.layers.every((layer, index) => layer === image.layers[index])
  );
}
