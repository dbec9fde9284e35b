import { randomUUID } from 'node:crypto';
import { NstackError } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';

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
  for (const { id, tags, labels } of await engine.listImages(stageLabel)) {
    const owner = labels[stageLabel] ?? '';
    if (owner !== mark && isAlive(Number.parseInt(owner, 10))) continue;
    for (const tag of tags.filter((one) => one.startsWith(unfinished))) await engine.removeImage(tag);
    if (tags.length === 0) await removeUnlessUsed(engine, id);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Removes an image or a tag; one that an instance still runs stays, and goes another time. */
export async function removeUnlessUsed(engine: ContainerEngine, reference: string): Promise<void> {
  try {
    await engine.removeImage(reference);
  } catch (error) {
    if (!(error instanceof NstackError) || error.code !== 'usage') throw error;
  }
}

/** An image that another one has taken the place of, where nothing names it any more. */
export async function removeReplaced(engine: ContainerEngine, id: string): Promise<void> {
  const image = await engine.inspectImage(id);
  if (image?.tags.length === 0) await removeUnlessUsed(engine, id);
}
