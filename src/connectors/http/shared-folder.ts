import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NstackError } from '../../core/index.ts';

/** A folder of this user's processes alone, for the sockets through which they share an address. */
export async function sharedFolder(): Promise<string> {
  const user = process.getuid?.() ?? 0;
  const folder = join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), `nstack-http-${user}`);
  await mkdir(folder, { mode: 0o700 }).catch(() => {});
  const stats = await lstat(folder);
  if (stats.isDirectory() && stats.uid === user && (stats.mode & 0o077) === 0) return folder;
  throw new NstackError('permission', `${folder} is not a folder of this user alone`, {
    hint: 'Remove it, or set XDG_RUNTIME_DIR to a folder of your own.',
  });
}
