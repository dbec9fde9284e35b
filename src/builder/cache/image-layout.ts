import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { digestOf, hexOf, NstackError } from '../../core/index.ts';
import type { Descriptor, OutgoingBlob } from '../../registry/index.ts';
import { withServiceLock } from '../service-lock.ts';
import { writeWhole } from '../write-whole.ts';
import type { ImagePlace } from './image-place.ts';

/** What `index.json` holds, as far as it matters here. */
interface Index {
  readonly schemaVersion: 2;
  readonly manifests: readonly Descriptor[];
}

/** Names a manifest of a layout. */
const refName = 'org.opencontainers.image.ref.name';

/**
 * A folder as a place for images: an OCI image layout (image specification 1.1, "OCI Image Layout"), which `skopeo` and others read too. Made where it is
 * missing; several processes may write to it at once. Fails with `file-unreadable` where the folder holds something else, or `file-unwritable`.
 */
export function imageLayout(folder: string, signal: AbortSignal): ImagePlace {
  const root = resolve(folder);
  const blobFile = (digest: string) => join(root, 'blobs/sha256', hexOf(digest));
  const indexFile = join(root, 'index.json');

  async function readIndex(): Promise<Index> {
    const text = await readFile(indexFile, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return '{"schemaVersion":2,"manifests":[]}';
      throw new NstackError('file-unreadable', `the build cache ${indexFile} cannot be read`, { cause });
    });
    try {
      const index: Index = JSON.parse(text);
      if (Array.isArray(index.manifests)) return index;
    } catch {}
    throw new NstackError('file-unreadable', `${indexFile} is no index of an OCI image layout`, {
      hint: 'name a folder that nstack may make, or remove this one',
    });
  }

  async function write<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof NstackError || signal.aborted) throw cause;
      throw new NstackError('file-unwritable', `the build cache cannot be written to ${root}`, { cause });
    }
  }

  async function putBlob({ digest, size, open }: OutgoingBlob): Promise<void> {
    const file = blobFile(digest);
    const aside = `${file}.${process.pid}.partial`;
    await mkdir(join(root, 'blobs/sha256'), { recursive: true });
    try {
      await pipeline(open(0, size), createWriteStream(aside), { signal });
      await rename(aside, file);
    } finally {
      await rm(aside, { force: true });
    }
  }

  const hasBlob = async (_repository: string, digest: string) =>
    (await stat(blobFile(digest)).catch(() => undefined)) !== undefined;

  return {
    host: root,
    hasBlob,
    blob: async (_repository, { digest }) => createReadStream(blobFile(digest)),
    pushBlob: (repository, blob) =>
      write(async () => {
        if (await hasBlob(repository, blob.digest)) return 'was-there';
        await putBlob(blob);
        return 'sent';
      }),
    async manifest(_repository, reference) {
      const { manifests } = await readIndex();
      const found = manifests.find(({ annotations }) => annotations?.[refName] === reference);
      if (found === undefined) return undefined;
      const bytes = await readFile(blobFile(found.digest)).catch(() => undefined);
      if (bytes === undefined || digestOf(bytes) !== found.digest) return undefined;
      return { descriptor: found, bytes };
    },
    putManifest: (_repository, reference, bytes, mediaType) =>
      write(async () => {
        const digest = digestOf(bytes);
        await writeWhole(blobFile(digest), Buffer.from(bytes).toString('utf8'));
        const descriptor = {
          mediaType,
          digest,
          size: bytes.length,
          annotations: { [refName]: reference },
        };
        await withServiceLock(`layout:${root}`, { onWait: () => {}, signal }, async () => {
          const { manifests } = await readIndex();
          const others = manifests.filter(({ annotations }) => annotations?.[refName] !== reference);
          await writeWhole(join(root, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
          await writeWhole(
            indexFile,
            JSON.stringify({ schemaVersion: 2, manifests: [...others, descriptor] }),
          );
        });
        return descriptor;
      }),
  };
}
