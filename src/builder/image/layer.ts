import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import type { ImageFile, LayerName } from '../../stacks/index.ts';
import { addFile, addFolder, type Owner, tarStream } from './tar-entries.ts';

/** What a layer comes to. */
export interface MeasuredLayer<N extends string = string> {
  readonly name: N;
  /** `sha256:...` of the uncompressed tar. */
  readonly diffId: string;
  /** Bytes of the tar. */
  readonly size: number;
}

/** One layer of an image: files with their folders, owned by root, each time the same. Equal files make equal bytes. */
export interface Layer<N extends string = LayerName> extends MeasuredLayer<N> {
  /** The tar, as often as it is asked for. */
  open(): Readable;
}

/** Measures a layer by writing it once to nowhere. Content is never held in memory. */
export async function measureLayer<N extends string>(
  name: N,
  files: readonly ImageFile[],
): Promise<Layer<N>> {
  return measureTar(name, () => layerTar(files));
}

/** The layer that a tar is, which is the same each time it is opened. */
export async function measureTar<N extends string>(name: N, open: () => Readable): Promise<Layer<N>> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of open()) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { name, diffId: `sha256:${hash.digest('hex')}`, size, open };
}

/** A tar of files with their folders, in order of path. Equal files make equal bytes. */
export function layerTar(files: readonly ImageFile[], owner?: Owner): Readable {
  return tarStream(async (tar) => {
    const folders = new Set<string>();
    for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
      for (const folder of foldersOf(file.path)) {
        if (!folders.has(folder)) addFolder(tar, folder, owner);
        folders.add(folder);
      }
      await addFile(tar, file, owner);
    }
  });
}

/** `/a/b/c` stands in `/a` and `/a/b`. */
function foldersOf(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = posix.dirname(path); folder !== '/' && folder !== '.'; folder = posix.dirname(folder))
    folders.unshift(folder);
  return folders;
}
