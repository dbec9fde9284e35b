import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** A name is on the disk when its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(join(folder, '.'), 'r');
    await handle.sync();
  } finally {
    await handle?.close();
  }
}
