import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { digestOf, NstackError } from '../../core/index.ts';
import type { ContainerEngine, ImageInfo } from '../../engine/index.ts';
import { type Descriptor, type RemoteImage, readImage } from '../../registry/index.ts';
import { loadParts } from '../image/load-image.ts';
import { sharedLayers } from '../pull/shared-layers.ts';
import { showBytes } from '../push/show-bytes.ts';
import { unfinishedReference, withUnfinished } from '../unfinished-reference.ts';
import { cacheTag } from './cache-tag.ts';
import type { CachePlace } from './image-place.ts';

export interface ImportOptions {
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Bytes; no config of an honest image is larger. */
const largestConfig = 4 * 1024 * 1024;

/**
 * Brings an image from a place into the engine, layer by layer as it comes, those left out that the engine has. Undefined where the place does not have it. Fails
 * with `registry-unavailable`, or `build-failed` where what is there is broken: the engine checks each layer against its diff id.
 */
export async function importImage(
  engine: ContainerEngine,
  from: CachePlace,
  reference: string,
  { onLine, signal }: ImportOptions,
): Promise<ImageInfo | undefined> {
  const { name, place, repository } = from;
  const image = await readImage(place, repository, cacheTag(reference));
  if (image === undefined) return undefined;
  const config = await readConfig(from, image);
  const unfinished = unfinishedReference(reference);
  const shared = await sharedLayers(engine, config.diffIds);
  return withUnfinished(engine, unfinished, async () => {
    const loaded = (await attempt(shared)) ?? (shared === 0 ? undefined : await attempt(0));
    if (loaded === undefined)
      throw new NstackError('build-failed', `${engine.description} does not take ${reference} from ${name}`, {
        hint: 'build once without --cache-from, and fill the cache anew with --cache-to',
      });
    signal.throwIfAborted();
    await engine.tagImage(loaded.id, reference);
    return loaded;
  });

  /** Undefined where the engine wants to see layers that it should have. */
  async function attempt(skip: number): Promise<ImageInfo | undefined> {
    const wanted = (image as RemoteImage).layers.slice(skip);
    const total = wanted.reduce((sum, { size }) => sum + size, 0);
    const show = showBytes((text) => onLine(`${reference} from ${name}: ${text}`));
    let done = 0;
    const parts = {
      reference: unfinished,
      config: config.bytes,
      below: config.diffIds.slice(0, skip),
      layers: wanted.map((blob, index) => ({
        diffId: config.diffIds[skip + index] ?? '',
        size: blob.size,
        open: () => lazily(() => place.blob(repository, blob), onPiece),
      })),
    };
    return loadParts(engine, parts, { signal });

    function onPiece(bytes: number) {
      done += bytes;
      show(done, total);
    }
  }
}

async function readConfig(
  { name, place, repository }: CachePlace,
  { config, layers }: { readonly config: Descriptor; readonly layers: readonly Descriptor[] },
) {
  const broken = (why: string) =>
    new NstackError('build-failed', `the build cache ${name} holds a broken image: ${why}`, {
      hint: 'build once without --cache-from, and fill the cache anew with --cache-to',
    });
  if (config.size > largestConfig) throw broken(`its config has ${config.size} bytes`);
  const bytes = await buffer(await place.blob(repository, config));
  if (digestOf(bytes) !== config.digest) throw broken('its config has another digest');
  const diffIds = diffIdsOf(bytes);
  if (diffIds?.length !== layers.length) throw broken('its config and its manifest tell of other layers');
  return { bytes, diffIds };
}

function diffIdsOf(config: Uint8Array): readonly string[] | undefined {
  try {
    const { rootfs }: { readonly rootfs?: { readonly diff_ids?: unknown } } = JSON.parse(
      Buffer.from(config).toString('utf8'),
    );
    const ids = rootfs?.diff_ids;
    return Array.isArray(ids) && ids.every((id) => typeof id === 'string') ? ids : undefined;
  } catch {
    return undefined;
  }
}

/** A stream that is asked for when it is read. */
function lazily(open: () => Promise<Readable>, onPiece: (bytes: number) => void): Readable {
  return Readable.from(
    (async function* () {
      for await (const piece of (await open()) as AsyncIterable<Buffer>) {
        onPiece(piece.length);
        yield piece;
      }
    })(),
    { objectMode: false },
  );
}
