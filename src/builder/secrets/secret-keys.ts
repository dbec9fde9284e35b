import { createHmac, randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NstackError } from '../../core/index.ts';

/**
 * Of each secret, what changes with its value: an HMAC under a key that is this user's alone and lies in the cache folder, so that nobody can find the value
 * by trying from what an image or the builder's cache shows. Fails with `file-unwritable`.
 */
export async function secretKeys(
  secrets: Readonly<Record<string, string>>,
  cacheFolder: string,
): Promise<Readonly<Record<string, string>>> {
  const entries = Object.entries(secrets);
  if (entries.length === 0) return {};
  const key = await ownKey(cacheFolder);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      createHmac('sha256', key).update(`${name}\0${value}`).digest('hex').slice(0, 32),
    ]),
  );
}

async function ownKey(cacheFolder: string): Promise<Buffer> {
  const file = join(cacheFolder, 'secrets.key');
  const kept = await readFile(file).catch(() => undefined);
  if (kept?.length === 32) return kept;
  const aside = `${file}.${process.pid}`;
  try {
    await writeFile(aside, randomBytes(32), { mode: 0o600 });
    if (kept !== undefined) await rm(file, { force: true });
    // Of two that come at once, the first one's key is both's.
    await link(aside, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    return await readFile(file);
  } catch (cause) {
    throw new NstackError('file-unwritable', `the key for secrets cannot be kept in ${file}`, { cause });
  } finally {
    await rm(aside, { force: true });
  }
}
