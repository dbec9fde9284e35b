import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Pack } from 'tar-stream';
import { type Layer, measureTar } from '../../image/layer.ts';
import { fixedTime, sameForAll, tarStream } from '../../image/tar-entries.ts';
import { inCanonicalOrder } from './hard-links.ts';
import { javaAuthorities, withFixedDates } from './java-authorities.ts';
import type { FileRange, LayerEntry } from './layer-entries.ts';
import { isLeftOut } from './left-out.ts';
import { paxHeader } from './pax.ts';
import { bytecodeForTime, bytecodeHeader, sourceOfBytecode } from './python-bytecode.ts';

/** A file that holds layers, and that outlives what is made of them. */
export interface OpenArchive {
  readonly path: string;
  readonly handle: FileHandle;
}

/**
 * Makes of a layer that the steps of a build have left the one that they leave everywhere and always: in order of path, of one time, without the names of users, hard links
 * in one form, and without what is no part of a package ({@link isLeftOut}). Undefined where nothing is left. Contents are streamed, from the archive, whenever it is opened.
 */
export async function rewriteLayer<N extends string>(
  name: N,
  archive: OpenArchive,
  entries: readonly LayerEntry[],
): Promise<Layer<N> | undefined> {
  const ordered = inCanonicalOrder(
    entries.filter((entry) => !isLeftOut(entry)),
    entries,
  );
  if (ordered.length === 0) return undefined;
  const byPath = new Map(ordered.map((entry) => [entry.path, entry]));
  const open = () =>
    tarStream(async (tar) => {
      for (const entry of ordered) await addEntry(tar, entry, archive, byPath);
    });
  return measureTar(name, open);
}

/** The bytes of a small file in an archive. */
export async function contentOf({ handle }: OpenArchive, { offset, size }: FileRange): Promise<Buffer> {
  return (await handle.read(Buffer.alloc(size), 0, size, offset)).buffer;
}

const seconds = fixedTime.getTime() / 1000;
/** A stream for each of thousands of small files takes longer than what it reads. */
const small = 1 << 18;
/** No program's bytecode is larger; content that has to be changed is held in memory. */
const mostOfOne = 1 << 26;

async function addEntry(
  tar: Pack,
  entry: LayerEntry,
  archive: OpenArchive,
  others: ReadonlyMap<string, LayerEntry>,
): Promise<void> {
  const { path, type, mode, uid, gid, target, device, content, xattrs } = entry;
  const [devmajor, devminor] = device;
  const name = type === 'directory' ? `${path}/` : path;
  const header = {
    ...sameForAll,
    ...{ name, type, mode, uid, gid, devmajor, devminor },
    ...(target === '' ? {} : { linkname: target }),
  };
  if (xattrs.size > 0) {
    // This header holds the names too, since of two such headers the last one counts.
    tar.push(paxHeader(new Map([['path', Buffer.from(name)], ...recordsOf(xattrs)]), seconds));
    header.name = 'PaxHeader';
  }
  if (type !== 'file') {
    tar.entry(header);
    return;
  }
  const changed = path === javaAuthorities || sourceOfBytecode(path) !== undefined;
  if (content.size <= (changed ? mostOfOne : small)) {
    tar.entry(header, await wholeContent(entry, archive, others));
    return;
  }
  const end = content.offset + content.size - 1;
  const stream = createReadStream(archive.path, { start: content.offset, end, highWaterMark: small });
  await pipeline(stream, tar.entry({ ...header, size: content.size }));
}

function recordsOf(xattrs: ReadonlyMap<string, Buffer>): readonly (readonly [string, Buffer])[] {
  return [...xattrs].toSorted().map(([name, value]) => [`SCHILY.xattr.${name}`, value]);
}

async function wholeContent(
  entry: LayerEntry,
  archive: OpenArchive,
  others: ReadonlyMap<string, LayerEntry>,
): Promise<Buffer> {
  const bytes = await contentOf(archive, entry.content);
  if (entry.path === javaAuthorities) return withFixedDates(bytes, fixedTime.getTime());
  const source = sourceOfBytecode(entry.path);
  if (source === undefined || bytes.length < bytecodeHeader) return bytes;
  const header = bytecodeForTime(bytes.subarray(0, bytecodeHeader), seconds, others.get(source));
  return Buffer.concat([header, bytes.subarray(bytecodeHeader)]);
}
