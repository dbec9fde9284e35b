import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NstackError } from '../core/index.ts';
import type { Stack } from '../stacks/index.ts';

/**
 * Writes the skeleton of a new service into a folder, which is made where it is missing, and answers the paths written. Fails with `usage` where one of its files is
 * there already: nothing of the user's is ever overwritten.
 */
export async function initService(folder: string, name: string, stack: Stack): Promise<readonly string[]> {
  const files = await stack.skeleton(name);
  try {
    await mkdir(folder, { recursive: true });
    const there = new Set(await readdir(folder));
    const taken = files.find(({ path }) => there.has(path));
    if (taken !== undefined) throw isThere(join(folder, taken.path));
    for (const { path, content } of files) await writeFile(join(folder, path), content, { flag: 'wx' });
  } catch (cause) {
    if (cause instanceof NstackError) throw cause;
    throw new NstackError('file-unwritable', `a service cannot be written to ${folder}`, { cause });
  }
  return files.map(({ path }) => path);
}

function isThere(file: string): NstackError {
  return new NstackError('usage', `${file} is there already`, {
    hint: 'make the service in another folder: nstack init NAME',
  });
}
