import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NstackError } from '../core/index.ts';

/** The folder for what can be made again at any time: $XDG_CACHE_HOME/nstack or ~/.cache/nstack, made where it is missing. Fails with `file-unwritable`. */
export async function cacheFolder(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const folder = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nstack');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new NstackError('file-unwritable', `the cache folder ${folder} cannot be made`, {
      cause,
      hint: 'name another place for it: XDG_CACHE_HOME',
    });
  }
  return folder;
}
