import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { extract, type Header } from 'tar-stream';
import { NstackError } from '../../../core/index.ts';
import { paxRecords } from './pax.ts';

/** A part of a file: where it begins, and how many bytes it has. */
export interface FileRange {
  readonly offset: number;
  readonly size: number;
}

/** One entry of a layer's tar, its content left where it is. */
export interface LayerEntry {
  /** Below the root, without a slash at either end. */
  readonly path: string;
  readonly type: NonNullable<Header['type']>;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of links: what they lead to; of hard links a path as `path` is. */
  readonly target: string;
  /** Numbers of a device. */
  readonly device: readonly [major: number, minor: number];
  /** Where the content is in the file. */
  readonly content: FileRange;
  /** Extended attributes, such as `security.capability`, as they are: bytes. */
  readonly xattrs: ReadonlyMap<string, Buffer>;
}

const block = 512;

/** Lists what is in a layer's tar, which is a part of a file. Fails with `build-failed` where a name is not UTF-8. */
export async function layerEntries(
  archive: { readonly path: string; readonly handle: FileHandle },
  { offset, size }: FileRange,
): Promise<readonly LayerEntry[]> {
  if (size === 0) return [];
  const entries: LayerEntry[] = [];
  const tar = createReadStream(archive.path, {
    start: offset,
    end: offset + size - 1,
    highWaterMark: 1 << 20,
  });
  const extracted = extract();
  tar.on('error', (error) => extracted.destroy(error));
  tar.pipe(extracted);
  let end = 0;
  for await (const entry of extracted) {
    const { header } = entry;
    const at = startOf(header);
    const xattrs = hasXattrs(header)
      ? await readXattrs(archive.handle, { offset: offset + end, size: at - block - end })
      : new Map<string, Buffer>();
    entries.push(layerEntry(header, { offset: offset + at, size: contentSize(header) }, xattrs));
    end = at + Math.ceil(contentSize(header) / block) * block;
    entry.resume();
  }
  return entries;
}

/** Where the content of an entry begins in the tar, which the types of tar-stream leave out. */
function startOf(header: Header & { readonly byteOffset?: number }): number {
  if (header.byteOffset === undefined) throw new Error('tar-stream does not say where an entry is');
  return header.byteOffset;
}

function contentSize({ type, size = 0 }: Header): number {
  return type === 'file' || type === 'contiguous-file' ? size : 0;
}

function layerEntry(header: Header, content: FileRange, xattrs: ReadonlyMap<string, Buffer>): LayerEntry {
  const { name, type = 'file', mode = 0, uid = 0, gid = 0, linkname, devmajor = 0, devminor = 0 } = header;
  const target = linkname ?? '';
  checkName(`${name}${target}`);
  return {
    path: trimmed(name),
    type,
    mode,
    uid,
    gid,
    target: type === 'link' ? trimmed(target) : target,
    device: [devmajor ?? 0, devminor ?? 0],
    content,
    xattrs,
  };
}

/** Fails with `build-failed` where bytes were no UTF-8. */
export function checkName(path: string): void {
  if (path.includes('\uFFFD'))
    throw new NstackError('build-failed', `a package has brought a file whose name is not UTF-8: ${path}`, {
      hint: 'rename or remove it in `commands`, or leave that package out',
    });
}

function trimmed(path: string): string {
  return path.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
}

const prefix = 'SCHILY.xattr.';

function hasXattrs({ pax }: Header): boolean {
  return Object.keys(pax ?? {}).some((key) => key.startsWith(prefix));
}

/** tar-stream takes the values for text; they are read anew from the blocks before an entry's own. */
async function readXattrs(
  handle: FileHandle,
  { offset, size }: FileRange,
): Promise<ReadonlyMap<string, Buffer>> {
  const { buffer } = await handle.read(Buffer.alloc(size), 0, size, offset);
  const found = [...paxRecords(buffer)].filter(([key]) => key.startsWith(prefix));
  return new Map(found.map(([key, value]) => [key.slice(prefix.length), value]));
}
