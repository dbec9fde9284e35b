import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { NstackError } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import type { LayerStore } from './layer-store.ts';

/** Bytes; configs and manifests are smaller, and so are small layers. */
const mostInMemory = 1024 * 1024;

/**
 * Reads an image out of the engine as `docker save` has it: compresses and keeps those of its layers whose bytes the store does not have, and answers the exact
 * text of its config. Fails with `build-failed` where the engine saves it otherwise.
 */
export async function takeFromEngine(
  engine: ContainerEngine,
  reference: string,
  store: LayerStore,
  signal: AbortSignal,
): Promise<string> {
  const diffIds = (await engine.inspectImage(reference))?.layers ?? [];
  const have = await sizesOf(store, diffIds);
  const missing = new Set(diffIds.filter((diffId) => !have.has(diffId)));
  // A layer is known by its bytes alone. One as large as another that is kept already is most likely that one.
  let config = await readSaved(
    await engine.saveImage(reference),
    store,
    missing,
    new Set(have.values()),
    signal,
  );
  if (missing.size > 0)
    config = await readSaved(await engine.saveImage(reference), store, missing, new Set(), signal);
  const [left] = missing;
  if (config !== undefined && left === undefined) return config;
  throw new NstackError(
    'build-failed',
    `${engine.description} saved ${reference} without ${left === undefined ? 'its config' : `the layer ${left}`}`,
    { hint: 'nstack needs an engine that saves images as Docker does' },
  );
}

/** Bytes of each layer's tar, where the store has the layer. */
async function sizesOf(store: LayerStore, diffIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const found = await Promise.all(
    diffIds.map(async (diffId) => {
      const layer = await store.find(diffId);
      return layer !== undefined && (await store.holds(layer)) ? ([[diffId, layer.unpacked]] as const) : [];
    }),
  );
  return new Map(found.flat());
}

/** Keeps the missing layers that it meets, strikes them off, and answers the config; undefined where the archive names none. */
async function readSaved(
  saved: Readable,
  store: LayerStore,
  missing: Set<string>,
  skipped: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const entries = extract();
  const stop = () => saved.destroy(new NstackError('interrupted', 'interrupted: an image was being read'));
  signal.addEventListener('abort', stop, { once: true });
  saved.on('error', (error) => entries.destroy(error));
  saved.pipe(entries);
  const small = new Map<string, Buffer>();
  try {
    for await (const entry of entries) {
      const { name, size = 0, type } = entry.header;
      const isLayer = type === 'file' && /(^|\/)layer\.tar$|^blobs\/sha256\//.test(name);
      let bytes: Buffer | undefined;
      if (type === 'file' && size <= mostInMemory) {
        bytes = await buffer(Readable.from(entry));
        small.set(name, bytes);
      }
      if (isLayer && missing.size > 0 && !skipped.has(size)) {
        const tar = await unpacked(bytes === undefined ? Readable.from(entry) : Readable.from([bytes]));
        const kept = await store.keep(tar, (diffId) => missing.has(diffId));
        if (kept !== undefined) missing.delete(kept.diffId);
      } else entry.resume();
    }
  } finally {
    signal.removeEventListener('abort', stop);
    saved.destroy();
  }
  const [image]: readonly { readonly Config?: string }[] = JSON.parse(
    String(small.get('manifest.json') ?? '[]'),
  );
  return small.get(image?.Config ?? '')?.toString('utf8');
}

/** Some engines keep layers compressed and save them so. */
async function unpacked(source: Readable): Promise<Readable> {
  const pieces: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  const first = await pieces.next();
  const whole = Readable.from(
    (async function* () {
      for (let next = first; next.done !== true; next = await pieces.next()) yield next.value;
    })(),
    { objectMode: false },
  );
  const isGzip = first.done !== true && first.value[0] === 0x1f && first.value[1] === 0x8b;
  if (!isGzip) return whole;
  const gunzip = createGunzip();
  whole.on('error', (error) => gunzip.destroy(error));
  return whole.pipe(gunzip);
}
