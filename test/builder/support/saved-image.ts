import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar-stream';
import { withArchive } from '../../../src/builder/packages/made-layer.ts';
import type { FileRange } from '../../../src/builder/packages/rewrite/layer-entries.ts';
import { contentOf, type OpenArchive } from '../../../src/builder/packages/rewrite/rewrite-layer.ts';
import { NstackError } from '../../../src/core/index.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';

/** An image as the engine saved it, in a file. */
export interface SavedImage {
  readonly archive: OpenArchive;
  /** Where the tars of the layers are, the lowest first. */
  readonly layers: readonly FileRange[];
}

/**
 * Has the engine save an image to a file, since of an archive only its end tells what its parts are, and hands it to `use`; the file is gone afterwards. It is put
 * where the system has temporary files, and is as large as the image.
 */
export async function withSavedImage<T>(
  engine: ContainerEngine,
  reference: string,
  signal: AbortSignal,
  use: (image: SavedImage) => Promise<T>,
): Promise<T> {
  const saved = await engine.saveImage(reference);
  return withArchive(saved, signal, async (archive) => use(await readSaved(reference, archive)));
}

async function readSaved(reference: string, archive: OpenArchive): Promise<SavedImage> {
  const parts = await partsOf(archive.path);
  const textOf = async (name: string) => {
    const range = parts.get(name);
    if (range === undefined)
      throw new NstackError('build-failed', `the container engine saved ${reference} without ${name}`, {
        hint: 'nstack needs an engine that saves images as Docker does',
      });
    return JSON.parse((await contentOf(archive, range)).toString('utf8'));
  };
  const [manifest] = await textOf('manifest.json');
  const names: readonly string[] = manifest.Layers;
  const layers = names.map((name) => parts.get(name) ?? { offset: 0, size: 0 });
  return { archive, layers };
}

/** The files of an archive; layers of equal content may be one file under two names. */
async function partsOf(path: string): Promise<ReadonlyMap<string, FileRange>> {
  const parts = new Map<string, FileRange>();
  const links = new Map<string, string>();
  const extracted = extract();
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  file.on('error', (error) => extracted.destroy(error));
  file.pipe(extracted);
  for await (const entry of extracted) {
    const { name, type, size = 0, linkname } = entry.header;
    const { byteOffset: offset = 0 } = entry.header as { readonly byteOffset?: number };
    if (type === 'file') parts.set(name, { offset, size });
    else if (linkname != null) links.set(name, join(type === 'symlink' ? join(name, '..') : '', linkname));
    entry.resume();
  }
  for (const [name, target] of links) {
    const range = parts.get(target);
    if (range !== undefined) parts.set(name, range);
  }
  return parts;
}
