import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NstackError } from '../core/index.ts';
import type { Stack } from '../stacks/index.ts';

/**
 * Writes the skeleton of a new service into a folder, which is made where it is missing, and answers the paths written. Fails with `usage` where one of its files is
 * there already: nothing of the user's is ever overwritten.
 */
export async function initService(folder: string, name: string, stack: Stack): Promise<readonly string[]> {
  const files = await stack.skeleton(name);
  await mkdir(folder, { recursive: true });
  for (const { path, content } of files) {
    try {
      await writeFile(join(folder, path), content, { flag: 'wx' });
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')
        throw new NstackError('usage', `${join(folder, path)} is there already`, {
          cause,
          hint: 'make the service in another folder: nstack init NAME',
        });
      throw new NstackError('file-unwritable', `${join(folder, path)} cannot be written`, { cause });
    }
  }
  return files.map(({ path }) => path);
}
