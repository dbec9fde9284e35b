import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { writeWhole } from '../write-whole.ts';
import { folderStamp } from './folder-stamp.ts';

/** What was last known of a service folder: that these files make this image. Nothing but speed depends on it. */
export interface RememberedFolder {
  readonly stamp: string;
  readonly language: string;
  readonly name: string;
  readonly version: string;
  /** Of the service's image, and of that which it stands on. */
  readonly reference: string;
  readonly baseReference: string;
  /** Id of the latter when the inputs were measured, and what they came to (`BuildInputs`). */
  readonly baseId: string;
  readonly inputs: string;
  readonly source: string;
}

/** Raised whenever what is measured, or kept, changes its meaning. */
const format = 1;

/** What is remembered of a folder that nothing was written to since; `changed` where something was, `unknown` where nothing is remembered. */
export async function unchangedFolder(root: string): Promise<RememberedFolder | 'changed' | 'unknown'> {
  try {
    const kept = JSON.parse(await readFile(await fileOf(root), 'utf8'));
    if (kept.format !== format || kept.root !== root) return 'unknown';
    const remembered: RememberedFolder = kept.remembered;
    return folderStamp(root, remembered.language)?.digest === remembered.stamp ? remembered : 'changed';
  } catch {
    return 'unknown';
  }
}

/**
 * Remembers a folder as it was read from `since` (milliseconds since 1970) on. One that was written to at that time or later is not remembered: it may have been after a
 * file was read.
 */
export async function rememberFolder(
  root: string,
  since: number,
  known: Omit<RememberedFolder, 'stamp'>,
): Promise<void> {
  const stamp = folderStamp(root, known.language);
  if (stamp === undefined || stamp.latest >= since - coarseness(stamp.latest)) return;
  const remembered: RememberedFolder = { ...known, stamp: stamp.digest };
  // Without it the next build is slower, and no reason to fail.
  await writeWhole(await fileOf(root), JSON.stringify({ format, root, remembered })).catch(() => {});
}

/** Milliseconds by which a file system's clock may lag: a tick of the kernel's, or where it knows seconds alone, two of them. */
function coarseness(time: number): number {
  return time % 1_000 === 0 ? 2_000 : 20;
}

async function fileOf(root: string): Promise<string> {
  const digest = createHash('sha256').update(root).digest('hex').slice(0, 32);
  return join(foldersKept(await cacheFolder()), `${digest}.json`);
}

/** Where it is kept, a file a folder; each is written anew by a build that did something. */
export function foldersKept(cacheFolder: string): string {
  return join(cacheFolder, 'folders');
}
