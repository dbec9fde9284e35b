import type { ImageInfo } from '../../engine/index.ts';
import { labels } from '../../registry/index.ts';
import { withServiceLock } from '../service-lock.ts';

/** Where builds put what is not proved yet. */
const repository = 'nstack-unfinished/';

export interface UnfinishedBuild {
  readonly image: ImageInfo;
  readonly tag: string;
}

/** The tags of builds that do not run any more: whoever builds a service holds its lock. */
export async function unfinishedBuilds(
  images: readonly ImageInfo[],
  signal: AbortSignal,
): Promise<readonly UnfinishedBuild[]> {
  const found = images.flatMap((image) =>
    image.tags.filter((tag) => tag.startsWith(repository)).map((tag) => ({ image, tag })),
  );
  const over = await Promise.all(
    found.map(async ({ image }) => !(await isBuilding(image.labels[labels.name] ?? '', signal))),
  );
  return found.filter((_, index) => over[index]);
}

async function isBuilding(name: string, signal: AbortSignal): Promise<boolean> {
  const taken = new AbortController();
  const options = { onWait: () => taken.abort(), signal: AbortSignal.any([signal, taken.signal]) };
  try {
    await withServiceLock(name.toLowerCase(), options, async () => {});
    return false;
  } catch (error) {
    if (taken.signal.aborted) return true;
    throw error;
  }
}
