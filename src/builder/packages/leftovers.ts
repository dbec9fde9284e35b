import { randomUUID } from 'node:crypto';
import { NstackError } from '../../core/index.ts';
import type { ContainerEngine, SeenImage } from '../../engine/index.ts';

/** The label by which build stages are found; its value, a {@link stageMark}, says whose they are. */
export const stageLabel = 'io.nstack.stage';

/** Where images have a tag until they are whole. */
const unfinished = 'nstack-unfinished/';

/** Marks the stages of one build: the process that owns it, and a number of its own. */
export function stageMark(): string {
  return `${process.pid}.${randomUUID()}`;
}

/**
 * Removes what the engine's builder leaves of a build: its unfinished image, and the untagged ones that the classic builder makes of build stages, which
 * hold tools, package lists and the host's certificates. Those of this build go, and those whose process is gone.
 */
export async function removeStages(engine: ContainerEngine, mark: string): Promise<void> {
  for (const stage of await deadStages(engine, mark)) await removeStage(engine, stage);
}

/** What is left of builds whose process is gone, or whose mark is this one. */
export async function deadStages(engine: ContainerEngine, mark?: string): Promise<readonly SeenImage[]> {
  const stages = await engine.seeImages({ label: stageLabel });
  return stages.filter(({ tags, labels }) => {
    const owner = labels[stageLabel] ?? '';
    const isOver = owner === mark || !isAlive(Number.parseInt(owner, 10));
    return isOver && (tags.length === 0 || tags.some(isUnfinished));
  });
}

/** Removes what is left of one, unless it has a name that somebody uses. Answers whether anything went. */
export async function removeStage(engine: ContainerEngine, { id, tags }: SeenImage): Promise<boolean> {
  for (const tag of tags.filter(isUnfinished)) await engine.removeImage(tag);
  return tags.length > 0 || removeUnlessUsed(engine, id);
}

function isUnfinished(tag: string): boolean {
  return tag.startsWith(unfinished);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Removes an image or a tag; one that an instance still runs stays, and goes another time. Answers whether it went. */
export async function removeUnlessUsed(engine: ContainerEngine, reference: string): Promise<boolean> {
  try {
    await engine.removeImage(reference);
    return true;
  } catch (error) {
    if (!(error instanceof NstackError) || error.code !== 'usage') throw error;
    return false;
  }
}

/** An image that another one has taken the place of, where nothing names it any more. */
export async function removeReplaced(engine: ContainerEngine, id: string): Promise<void> {
  const image = await engine.inspectImage(id);
  if (image?.tags.length === 0) await removeUnlessUsed(engine, id);
}
