import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { type ExpectedImage, expectedFiles } from '../expected-image.ts';
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
  /** What the folder makes where the contents of its files alone are others, and a stamp of all else. */
  readonly expected?: ExpectedImage | undefined;
  readonly frame: string;
}

/** What became of a folder that was built. */
export type FolderChange =
  /** Nothing was written to it since. */
  | { readonly change: 'none'; readonly remembered: RememberedFolder }
  /** Files that have to be read were. `expected`: and no others than those whose contents it takes. */
  | { readonly change: 'some'; readonly expected: ExpectedImage | undefined };

/** Raised whenever what is measured, or kept, changes its meaning. */
const format = 2;

/** What became of a folder; undefined where nothing is remembered of it. */
export async function folderChange(root: string): Promise<FolderChange | undefined> {
  try {
    const kept = JSON.parse(await readFile(await fileOf(root), 'utf8'));
    if (kept.format !== format || kept.root !== root) return undefined;
    const remembered: RememberedFolder = kept.remembered;
    const { language, stamp, frame, expected } = remembered;
    const now = folderStamp(root, language, filesOf(expected));
    if (now?.digest === stamp) return { change: 'none', remembered };
    return { change: 'some', expected: now?.frame === frame ? expected : undefined };
  } catch {
    return undefined;
  }
}

function filesOf(expected: ExpectedImage | undefined): ReadonlySet<string> {
  return expected === undefined ? new Set() : expectedFiles(expected);
}

/**
 * Remembers a folder as it was read from `since` (milliseconds since 1970) on. One that was written to at that time or later is not remembered: it may have been after a
 * file was read.
 */
export async function rememberFolder(
  root: string,
  since: number,
  known: Omit<RememberedFolder, 'stamp' | 'frame'>,
): Promise<void> {
  const stamp = folderStamp(root, known.language, filesOf(known.expected));
  if (stamp === undefined || stamp.latest >= since - coarseness(stamp.latest)) return;
  const { digest, frame } = stamp;
  const remembered: RememberedFolder = { ...known, stamp: digest, frame };
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
