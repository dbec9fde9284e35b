import type { ContainerEngine, SeenImage } from '../engine/index.ts';
import { labels } from '../registry/index.ts';
import type { BuildSubject } from './build-subject.ts';
import { removeUnlessUsed } from './packages/leftovers.ts';
import { unfinishedReference } from './unfinished-reference.ts';

/** Removes what builds of this service that were killed have left: tags, and images without one, once their instances are gone. */
export async function removeInterrupted(
  engine: ContainerEngine,
  { folder, reference }: BuildSubject,
  registered: readonly SeenImage[],
): Promise<void> {
  const repository = unfinishedReference(reference).replace(/:[^:]*$/, ':');
  const own = registered.filter((image) => image.labels[labels.name] === folder.manifest.name);
  for (const { id, tags } of own) {
    // One whose instance another process is just removing goes another time.
    for (const tag of tags.filter((one) => one.startsWith(repository))) await removeUnlessUsed(engine, tag);
    if (tags.length === 0) await removeUnlessUsed(engine, id);
  }
}
