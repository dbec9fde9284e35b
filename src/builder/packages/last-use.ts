import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/*
 * When a build last used an image of packages: the time of an empty file `used/TAG` in the cache folder. The engine does not keep it, and nothing but the
 * clearing up depends on it.
 */

/** Notes that a build uses it now. That a disk refuses it is no reason to fail. */
export async function noteUse(cacheFolder: string, reference: string): Promise<void> {
  const now = new Date();
  try {
    const file = fileOf(cacheFolder, reference);
    await utimes(file, now, now).catch(async () => {
      await mkdir(usesFolder(cacheFolder), { recursive: true, mode: 0o700 });
      await writeFile(file, '');
    });
  } catch {}
}

/** Milliseconds since 1970; undefined where nothing tells. */
export async function lastUse(cacheFolder: string, reference: string): Promise<number | undefined> {
  return (await stat(fileOf(cacheFolder, reference)).catch(() => undefined))?.mtimeMs;
}

/** Forgets it: the image is gone. */
export async function forgetUse(cacheFolder: string, reference: string): Promise<void> {
  await rm(fileOf(cacheFolder, reference), { force: true });
}

/** The tags of which uses are noted. */
export async function notedTags(cacheFolder: string): Promise<readonly string[]> {
  return readdir(usesFolder(cacheFolder)).catch(() => []);
}

function usesFolder(cacheFolder: string): string {
  return join(cacheFolder, 'used');
}

function fileOf(cacheFolder: string, reference: string): string {
  return join(usesFolder(cacheFolder), reference.slice(reference.lastIndexOf(':') + 1));
}
