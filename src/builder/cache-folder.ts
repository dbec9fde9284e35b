import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder for what can be made again at any time: $XDG_CACHE_HOME/nstack or ~/.cache/nstack, made where it is missing. */
export async function cacheFolder(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const folder = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nstack');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}
