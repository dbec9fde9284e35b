import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What tells a file from others that have its name: its inode, and how it begins, since numbers of inodes come back. */
export interface FileIdentity {
  readonly inode: string;
  /** Bytes of its beginning that the hash is of. */
  readonly head: number;
  readonly hash: string;
}

const mostOfHead = 256;

/** The identity of a file that has at least so many bytes, which will not change. */
export async function identify(handle: FileHandle, bytes: number): Promise<FileIdentity> {
  const head = Math.min(bytes, mostOfHead);
  return { inode: await inodeOf(handle), head, hash: await hashOf(handle, head) };
}

export async function inodeOf(handle: FileHandle): Promise<string> {
  return String((await handle.stat({ bigint: true })).ino);
}

/** Opens the file that had this identity: under its path, or, where it was renamed since, under a name in the same folder that begins the same. */
export async function openIdentified(path: string, identity: FileIdentity): Promise<FileHandle | undefined> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  const others = names.filter((name) => name.startsWith(basename(path))).map((name) => join(folder, name));
  for (const candidate of [path, ...others]) {
    const handle = await open(candidate, 'r').catch(() => undefined);
    if (handle === undefined) continue;
    if (await hasIdentity(handle, identity).catch(() => false)) return handle;
    await handle.close();
  }
  return undefined;
}

async function hasIdentity(handle: FileHandle, { inode, head, hash }: FileIdentity): Promise<boolean> {
  return (await inodeOf(handle)) === inode && (await hashOf(handle, head)) === hash;
}

async function hashOf(handle: FileHandle, bytes: number): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
  return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('base64url').slice(0, 16);
}
