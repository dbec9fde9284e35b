import type { ContainerEngine, SeenImage } from '../engine/index.ts';
import { labels } from '../registry/index.ts';
import type { BuildSubject } from './build-subject.ts';
import { removeUnlessUsed } from './packages/leftovers.ts';
import { unfinishedReference } from './unfinished-reference.ts';

/** Removes what builds of this service that were killed have left: tags, and images without one, once their instances are gone. `ours` is the id of an image that this build has made already. */
export async function removeInterrupted(
  engine: ContainerEngine,
  { folder, reference }: BuildSubject,
  registered: readonly SeenImage[],
  ours?: string,
): Promise<void> {
  const repository = unfinishedReference(reference).replace(/:[^:]*$/, ':');
  const own = registered.filter((image) => image.labels[labels.name] === folder.manifest.name);
  for (const { id, tags } of own) {
    if (id === ours) continue;
    const left = tags.filter((one) => one.startsWith(repository));
    // One whose instance another process is just removing goes another time. By its id, since its tag may be that of ours by now.
    if (left.length === tags.length) await removeUnlessUsed(engine, id);
    else for (const tag of left) await removeUnlessUsed(engine, tag);
  }
}
