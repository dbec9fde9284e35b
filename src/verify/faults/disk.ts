import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { NstackError } from '../../core/index.ts';
import type { Target } from '../target.ts';
import type { Fault } from './fault.ts';

/** More than this is not filled: it takes long, and it is likely somebody else's disk too. */
const mostFree = 1024 * 1024 * 1024;
const blocks = [1024 * 1024, 4096];

/** `folder` is absolute. */
export function diskFault({ workflow }: Target, folder: string): Fault {
  const ballast = join(folder, `.nstack-${workflow}.ballast`);

  async function requireLittle(): Promise<void> {
    const free = await freeBytes(folder);
    if (free <= mostFree) return;
    const gib = (free / mostFree).toFixed(1);
    throw new NstackError('usage', `the disk of ${folder} has ${gib} GiB free, and at most 1 GiB is filled`, {
      hint: 'Name a folder on a small disk: mount -t tmpfs -o size=200m tmpfs FOLDER.',
    });
  }

  return {
    name: 'disk',
    describe: `the disk of ${folder} is full for a while`,
    lasts: { least: 1_000, most: 3_000 },
    check: requireLittle,
    async inject(signal) {
      await requireLittle();
      const filled = await fill(ballast, signal);
      return `filled the disk of ${folder} with ${filled} bytes`;
    },
    heal: () => rm(ballast, { force: true }),
  };
}

async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (cause) {
    throw new NstackError(
      'file-missing',
      `the folder ${folder} cannot be looked at: ${(cause as Error).message}`,
      { cause },
    );
  }
}

async function fill(path: string, signal: AbortSignal): Promise<number> {
  const handle = await open(path, 'w', 0o600);
  let filled = 0;
  try {
    for (const size of blocks) {
      const block = Buffer.alloc(size);
      while (!signal.aborted) {
        const written = await handle.write(block).then(
          ({ bytesWritten }) => bytesWritten,
          (error: NodeJS.ErrnoException) => {
            if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return 0;
            throw error;
          },
        );
        filled += written;
        if (written < size || filled > 2 * mostFree) break;
      }
    }
    return filled;
  } finally {
    await handle.close();
  }
}
