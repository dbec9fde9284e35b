import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isProcessRunning, NstackError } from '../../core/index.ts';

/** A folder of this user's processes alone, for the sockets through which they share an address. What killed ones left there is removed. */
export async function sharedFolder(): Promise<string> {
  const user = process.getuid?.() ?? 0;
  const { XDG_RUNTIME_DIR: runtime } = process.env;
  const parent = runtime !== undefined && (await isFolder(runtime)) ? runtime : tmpdir();
  const folder = join(parent, `nstack-http-${user}`);
  await mkdir(folder, { mode: 0o700 }).catch(() => {});
  const stats = await lstat(folder).catch(() => undefined);
  if (stats?.isDirectory() !== true || stats.uid !== user || (stats.mode & 0o077) !== 0) {
    throw new NstackError('permission', `${folder} is not a folder of this user alone`, {
      hint: 'Remove it, or set XDG_RUNTIME_DIR to a folder of your own.',
    });
  }
  await removeLeftovers(folder);
  return folder;
}

/** Name of the socket of one process. */
export function socketName(process: number, random: string): string {
  return `${process}-${random}.sock`;
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const owner = /^(\d+)-[0-9a-f]{8}\.sock$/.exec(name)?.[1];
    if (owner !== undefined && !(await isProcessRunning(Number(owner))))
      await rm(join(folder, name), { force: true });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
