import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { hexOf } from '../../core/index.ts';
import { writeWhole } from '../write-whole.ts';
import { compressLayer, type PackedLayer, unpackedDigest } from './compress-layer.ts';

/** What is known of a layer's compressed form. It is known still when the bytes have been dropped. */
export interface StoredLayer {
  /** `sha256:...` of the tar. */
  readonly diffId: string;
  /** `sha256:...` of the compressed tar. */
  readonly digest: string;
  /** Bytes of the compressed tar, and of the tar. */
  readonly size: number;
  readonly unpacked: number;
  /** Where it has been seen, the latest first: `registry.example.com/team/click`. */
  readonly held: readonly string[];
}

/**
 * Layers as registries hold them, compressed once: `layers/HEX.tar.gz` in the cache folder, by the digest of the tar, and beside it `HEX.json`, what is known of it. Several
 * processes may use it at once: a file appears whole or not at all.
 */
export interface LayerStore {
  find(diffId: string): Promise<StoredLayer | undefined>;
  /** Whether the bytes are there. Counts as a use. */
  holds(layer: StoredLayer): Promise<boolean>;
  /** The compressed bytes from one offset to before another; fails with what the file system says where they are not there. */
  open(layer: StoredLayer, from?: number, to?: number): Readable;
  /** Compresses a tar and keeps it where `wanted` says so of its diff id, or always. Undefined: not kept. */
  keep(tar: Readable, wanted?: (diffId: string) => boolean): Promise<StoredLayer | undefined>;
  /** Keeps compressed bytes as a registry has given them; fails where they do not unpack to the diff id. */
  keepPacked(
    packed: Readable,
    layer: { readonly diffId: string; readonly digest: string },
  ): Promise<StoredLayer>;
  /** Remembers that a repository holds it. */
  seen(layer: StoredLayer, place: string): Promise<void>;
  /** Forgets that: it turned out to be untrue. */
  unseen(layer: StoredLayer, place: string): Promise<void>;
}

const mostPlaces = 20;

export async function openLayerStore(cacheFolder: string): Promise<LayerStore> {
  const folder = join(cacheFolder, 'layers');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fileOf = (diffId: string, ending: string) => join(folder, `${hexOf(diffId)}.${ending}`);
  const archiveOf = ({ diffId }: { readonly diffId: string }) => fileOf(diffId, 'tar.gz');

  async function find(diffId: string): Promise<StoredLayer | undefined> {
    const text = await readFile(fileOf(diffId, 'json'), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : readNotes(diffId, text);
  }

  async function note(layer: StoredLayer): Promise<StoredLayer> {
    await writeWhole(fileOf(layer.diffId, 'json'), JSON.stringify(layer));
    return layer;
  }

  async function place(aside: string, packed: PackedLayer): Promise<StoredLayer> {
    const before = await find(packed.diffId);
    await rename(aside, archiveOf(packed));
    return note({ ...packed, held: before?.digest === packed.digest ? before.held : [] });
  }

  async function holds(layer: StoredLayer): Promise<boolean> {
    const file = archiveOf(layer);
    const found = await stat(file).catch(() => undefined);
    if (found?.size !== layer.size) return false;
    const now = new Date();
    await utimes(file, now, now).catch(() => {});
    return true;
  }

  return {
    find,
    holds,
    open(layer, from = 0, to = layer.size) {
      return from >= to
        ? Readable.from([])
        : createReadStream(archiveOf(layer), { start: from, end: to - 1 });
    },
    async keep(tar, wanted = () => true) {
      const aside = asideOf(folder);
      try {
        const packed = await compressLayer(tar, aside);
        return wanted(packed.diffId) ? await place(aside, packed) : undefined;
      } finally {
        await rm(aside, { force: true });
      }
    },
    async keepPacked(packed, { diffId, digest }) {
      const aside = asideOf(folder);
      try {
        const { size, unpacked } = await unpackedDigest(packed, aside, { diffId, digest });
        return await place(aside, { diffId, digest, size, unpacked });
      } finally {
        await rm(aside, { force: true });
      }
    },
    async seen(layer, where) {
      const { held } = (await find(layer.diffId)) ?? layer;
      if (held[0] === where) return;
      await note({ ...layer, held: [where, ...held.filter((one) => one !== where)].slice(0, mostPlaces) });
    },
    async unseen(layer, where) {
      await note({ ...layer, held: layer.held.filter((one) => one !== where) });
    },
  };
}

/** What another version of nstack, or a broken disk, has left is as good as nothing. */
function readNotes(diffId: string, text: string): StoredLayer | undefined {
  try {
    const notes: Partial<StoredLayer> = JSON.parse(text);
    const { digest, size, unpacked, held } = notes;
    const known = typeof digest === 'string' && typeof size === 'number' && typeof unpacked === 'number';
    return known && Array.isArray(held) && notes.diffId === diffId
      ? { diffId, digest, size, unpacked, held }
      : undefined;
  } catch {
    return undefined;
  }
}

function asideOf(folder: string): string {
  return join(folder, `.${process.pid}-${crypto.randomUUID()}.partial`);
}
