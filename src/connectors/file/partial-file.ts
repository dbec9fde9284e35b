import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isProcessRunning } from '../../core/index.ts';

export interface PartialFile {
  readonly handle: FileHandle;
  readonly path: string;
}

/**
 * Opens `.<name>.<process>-<random>.partial` beside the target, whose folder is made where it is missing. What killed runs left there
 * for the same target is removed; what belongs to a process that still runs is left alone.
 */
export async function openPartial(target: string): Promise<PartialFile> {
  const folder = dirname(target);
  await mkdir(folder, { recursive: true });
  await removeLeftovers(folder, basename(target));
  const name = `.${basename(target)}.${process.pid}-${randomBytes(4).toString('hex')}.partial`;
  const path = join(folder, name);
  return { path, handle: await open(path, 'wx', 0o666) };
}

async function removeLeftovers(folder: string, name: string): Promise<void> {
  const prefix = `.${name}.`;
  for (const entry of await readdir(folder)) {
    if (!entry.startsWith(prefix)) continue;
    const owner = /^(\d+)-[0-9a-f]{8}\.partial$/.exec(entry.slice(prefix.length))?.[1];
    if (owner !== undefined && !(await isProcessRunning(Number(owner))))
      await rm(join(folder, entry), { force: true });
  }
}
