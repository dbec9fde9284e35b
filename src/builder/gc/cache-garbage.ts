import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listsKept, listsLast } from '../packages/debian-index.ts';
import { foldersKept } from '../record/remembered-folder.ts';
import { surplusLayers } from '../store/index.ts';
import type { Garbage } from './garbage.ts';

/** What the cache folder holds beyond its bound of compressed layers (bytes), remembers of service folders that nobody has built since, and lists of packages that no build takes any more. */
export async function cacheGarbage(
  cacheFolder: string,
  { since, bound, now }: { readonly since: number; readonly bound: number; readonly now: number },
): Promise<readonly Garbage[]> {
  const [layers, folders, lists] = await Promise.all([
    surplusLayers(cacheFolder, bound, now),
    oldFiles(foldersKept(cacheFolder), since),
    // A build that has begun with those of a day may still read them.
    oldFiles(listsKept(cacheFolder), now - 2 * listsLast),
  ]);
  return [
    ...layers.map((file) => garbageOf(file, 'layers that were pushed since fill the cache')),
    ...folders.map((file) => garbageOf(file, 'nobody has built that folder for long')),
    ...lists.map((file) => garbageOf(file, 'lists of packages of an earlier day are fetched anew')),
  ];
}

interface OldFile {
  readonly path: string;
  readonly size: number;
}

async function oldFiles(folder: string, since: number): Promise<readonly OldFile[]> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      return found?.isFile() === true && found.mtimeMs < since ? { path, size: found.size } : undefined;
    }),
  );
  return files.filter((file) => file !== undefined);
}

function garbageOf({ path, size }: OldFile, why: string): Garbage {
  const remove = () =>
    rm(path).then(
      () => true,
      () => false,
    );
  return { kind: 'cache', what: path, bytes: size, why, remove };
}
