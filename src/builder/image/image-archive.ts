import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Pack } from 'tar-stream';
import { digestOf, hexOf, NstackError } from '../../core/index.ts';
import type { Layer } from './layer.ts';
import { addFolder, entryText, tarStream } from './tar-entries.ts';

/** An image that stands on layers the engine has already. */
export interface ImageParts {
  readonly reference: string;
  /** The config object's bytes; their digest is the image's id. */
  readonly config: Uint8Array;
  /** Diff ids of the layers below. */
  readonly below: readonly string[];
  /** Compressed or not. */
  readonly layers: readonly Pick<Layer, 'diffId' | 'size' | 'open'>[];
}

/**
 * A `docker load` archive that holds the new layers alone. Engines that keep layers by their chain of digests do not open those they
 * have; others refuse it, and get {@link fullArchive}. It begins before the image is known, with a folder that nobody looks into.
 */
export function partialArchive(image: Promise<ImageParts>): Readable {
  return tarStream(async (tar) => {
    addFolder(tar, 'layers');
    const parts = await image;
    await addOwnParts(tar, parts);
    const below = parts.below.map((diffId) => `${hexOf(diffId)}/layer.tar`);
    addManifest(tar, parts, below);
  });
}

/** The archive of the image below, as the engine saved it, with the new layers added and a manifest that names all of them. */
export function fullArchive(image: ImageParts, saved: Readable): Readable {
  return tarStream(async (tar) => {
    const below = await copyLayers(saved, tar);
    await addOwnParts(tar, image);
    addManifest(tar, image, below);
  });
}

async function addOwnParts(tar: Pack, { config, layers }: ImageParts): Promise<void> {
  tar.entry({ name: configName(config) }, Buffer.from(config));
  for (const layer of layers)
    await pipeline(layer.open(), tar.entry({ name: `${hexOf(layer.diffId)}/layer.tar`, size: layer.size }));
}

function addManifest(tar: Pack, image: ImageParts, below: readonly string[]): void {
  const own = image.layers.map(({ diffId }) => `${hexOf(diffId)}/layer.tar`);
  const manifest = [
    { Config: configName(image.config), RepoTags: [image.reference], Layers: [...below, ...own] },
  ];
  tar.entry({ name: 'manifest.json' }, JSON.stringify(manifest));
}

/** What names the saved image, as opposed to its layers; an index would be read instead of our manifest. */
const naming = new Set(['index.json', 'oci-layout', 'repositories']);

/** Copies everything but what names the saved image, and answers the paths of its layers. */
async function copyLayers(saved: Readable, tar: Pack): Promise<readonly string[]> {
  const entries = extract();
  saved.on('error', (error) => entries.destroy(error));
  saved.pipe(entries);
  let layers: readonly string[] | undefined;
  for await (const entry of entries) {
    const { name, type, size } = entry.header;
    if (name === 'manifest.json') layers = layersOf(await entryText(entry));
    else if (naming.has(name)) entry.resume();
    else if (type === 'file') await pipeline(entry, tar.entry({ ...entry.header, size: size ?? 0 }));
    else {
      tar.entry(entry.header);
      entry.resume();
    }
  }
  if (layers !== undefined) return layers;
  throw new NstackError('build-failed', 'the container engine saved an image without manifest.json', {
    hint: 'nstack needs an engine that saves images as Docker does',
  });
}

function layersOf(manifest: string): readonly string[] {
  const [image]: readonly { readonly Layers?: readonly string[] }[] = JSON.parse(manifest);
  return image?.Layers ?? [];
}

function configName(config: Uint8Array): string {
  return `${hexOf(digestOf(config))}.json`;
}
