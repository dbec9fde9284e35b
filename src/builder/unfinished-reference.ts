import type { ContainerEngine } from '../engine/index.ts';
import { begun } from './begun.ts';

/** A tag outside the registry's own repository: what carries it is not registered. One a service, so that the next build or pull finds it. */
export function unfinishedReference(reference: string): string {
  return reference.replace(/^nstack\//, 'nstack-unfinished/');
}

/** Takes work that need not be waited for before the image gets its name. */
export type Later = (work: Promise<unknown>) => void;

/**
 * Removes the tag of an image that is proved, or is not, whatever comes of the work. What `work` leaves for later ends before this does: beside the removal where all went well, before it
 * otherwise, since an image that an instance still runs stays.
 */
export async function withUnfinished<T>(
  engine: ContainerEngine,
  reference: string,
  work: (later: Later) => Promise<T>,
): Promise<T> {
  const left: Promise<unknown>[] = [];
  let result: T;
  try {
    result = await work((one) => left.push(begun(one)));
  } catch (error) {
    await Promise.allSettled(left);
    await engine.removeImage(reference);
    throw error;
  }
  const ended = await Promise.allSettled([...left, engine.removeImage(reference)]);
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return result;
}
