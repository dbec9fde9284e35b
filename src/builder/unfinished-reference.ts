import type { ContainerEngine } from '../engine/index.ts';

/** A tag outside the registry's own repository: what carries it is not registered. One a service, so that the next build or pull finds it. */
export function unfinishedReference(reference: string): string {
  return reference.replace(/^nstack\//, 'nstack-unfinished/');
}

/** Removes the tag of an image that is proved, or is not, whatever comes of the work. */
export async function withUnfinished<T>(
  engine: ContainerEngine,
  reference: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } finally {
    await engine.removeImage(reference);
  }
}
