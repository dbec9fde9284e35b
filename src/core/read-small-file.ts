import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** What is known of a file beside its bytes. */
export interface SmallFile {
  readonly bytes: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * An ordinary file, read whole, or its size where that is beyond `most` bytes. Throws what the system says, and an Error where it is no ordinary
 * file. Never waits: a pipe that nobody writes to is no ordinary file.
 */
export async function readSmallFile(path: string, most: number): Promise<SmallFile | number> {
  await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const { mode, uid, gid, size } = await handle.stat();
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw new Error(`${path} is no ordinary file`);
  if (size > most) return size;
  // Files of the kernel say that their size is 0.
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(most + 1 - length, 64 * 1024)), 0);
    if (bytesRead === 0) break;
    pieces.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
    if (length > most) return length;
  }
  return { bytes: Buffer.concat(pieces), mode, uid, gid };
}

/** The system's code of an error: `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
