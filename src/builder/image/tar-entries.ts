import { createReadStream, readFileSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { NstackError } from '../../core/index.ts';
import type { ImageFile } from '../../stacks/index.ts';

/** The one time of everything in a layer, so that equal files make equal layers. The first day that zip files can express. */
export const fixedTime = new Date('1980-01-01T00:00:00Z');

/** User and group by number. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const root: Owner = { uid: 0, gid: 0 };
/** What is the same of every entry. */
export const sameForAll = { uname: '', gname: '', mtime: fixedTime } as const;

/** A tar as a stream of Node's own kind, written while it is read. What `write` fails with is the stream's error. */
export function tarStream(write: (tar: Pack) => Promise<void>): Readable {
  const tar = pack();
  write(tar).then(
    () => tar.finalize(),
    (error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return Readable.from(tar, { objectMode: false });
}

/** The whole text of an entry that is being extracted. */
export async function entryText(entry: AsyncIterable<unknown>): Promise<string> {
  return text(Readable.from(entry));
}

/** Bytes; a larger file is streamed. */
const mostAtOnce = 256 * 1024;

/** Adds one file. A large file on disk is streamed, and must not change its size meanwhile. */
export async function addFile(
  tar: Pack,
  { path, content, mode }: ImageFile,
  owner: Owner = root,
): Promise<void> {
  const name = path.replace(/^\/+/, '');
  if (content instanceof Uint8Array) {
    tar.entry({ ...sameForAll, ...owner, name, mode, type: 'file' }, Buffer.from(content));
    return;
  }
  try {
    // Not by promises: a layer of many small files takes three times as long with them.
    const { size } = statSync(content.file);
    if (size <= mostAtOnce) {
      tar.entry({ ...sameForAll, ...owner, name, mode, type: 'file' }, readFileSync(content.file));
      return;
    }
    await pipeline(
      createReadStream(content.file),
      tar.entry({ ...sameForAll, ...owner, name, mode, type: 'file', size }),
    );
  } catch (cause) {
    throw new NstackError('file-unreadable', `${content.file} cannot be read, or changed while it was`, {
      cause,
    });
  }
}

export function addFolder(tar: Pack, path: string, owner: Owner = root): void {
  tar.entry({
    ...sameForAll,
    ...owner,
    name: `${path.replace(/^\/+/, '')}/`,
    mode: 0o755,
    type: 'directory',
  });
}
