import { createHash } from 'node:crypto';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NstackError } from '../../core/index.ts';

/** Makes the folder where it is missing, 0700. One that another user owns or may write is refused: what is in it could be replaced. */
export async function makeStateFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  const { uid, mode } = await stat(folder);
  const own = process.getuid?.() ?? uid;
  if (uid !== own) {
    throw new NstackError(
      'permission',
      `the state folder ${folder} belongs to user ${uid}; this is user ${own}`,
      {
        hint: 'Run as that user, or name a folder of your own in NSTACK_STATE.',
      },
    );
  }
  if ((mode & 0o022) !== 0) {
    throw new NstackError('permission', `the state folder ${folder} can be written by other users`, {
      hint: `Look at what is in it, then run \`chmod 700 ${folder}\`.`,
    });
  }
}

/** The folder of one workflow in a state folder. */
export function workflowFolder(folder: string, workflow: string): string {
  return join(folder, 'workflows', folderName(workflow));
}

/** Makes the folder of one workflow where it is missing, 0700, and answers its path. */
export async function makeWorkflowFolder(folder: string, workflow: string): Promise<string> {
  const path = workflowFolder(folder, workflow);
  await makeFolder(path);
  return path;
}

const longestPlain = 200;
const keptOfLong = 150;

/**
 * A file name for any text, another one for every other text, also where a file system ignores case or composes accents: `+a` is A, `%2f` the byte 2F, so
 * that people can read it back. The end of a long one is a hash.
 */
export function folderName(name: string): string {
  const safe = name.isWellFormed()
    ? name.replace(/[^a-z0-9_-]/gu, (sign, at: number) => {
        if (/[A-Z]/.test(sign)) return `+${sign.toLowerCase()}`;
        if (sign === '.' && at > 0) return sign;
        return Buffer.from(sign).toString('hex').replace(/../g, '%$&');
      })
    : '';
  if (safe !== '' && safe.length <= longestPlain) return safe;
  // UTF-16 tells lone surrogates apart. `~` is in no plain name.
  const hash = createHash('sha256').update(name, 'utf16le').digest('hex');
  return `${safe.slice(0, keptOfLong)}~${hash}`;
}

async function makeFolder(path: string): Promise<void> {
  try {
    const first = await mkdir(path, { recursive: true, mode: 0o700 });
    if (first !== undefined) await syncAbove(path, first);
  } catch (cause) {
    throw new NstackError('file-unwritable', `the folder ${path} cannot be made: ${String(cause)}`, {
      hint: 'Name a folder that you may write in NSTACK_STATE.',
      cause,
    });
  }
}

/** A folder outlives a power loss once the one that names it is synced; what is in it is no safer than that. */
async function syncAbove(path: string, first: string): Promise<void> {
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) {
    // One that may be written and not read is somebody's own wish.
    const above = await open(dirname(folder), 'r').catch(() => undefined);
    await above?.sync().finally(() => above.close());
  }
}
