import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NstackError } from '../../core/index.ts';
import type { ServiceFolder } from '../../stacks/index.ts';
import { printLock } from './print-lock.ts';
import { lockBytes, lockFile } from './read-lock.ts';
import { lockName, type ServiceLock } from './service-lock.ts';

/** Writes the lock, whole or not at all, where it is not there as it is, once `ready` says so: answers whether it was written. Fails with `file-unwritable`, and as `ready` does. */
export async function writeLock(
  folder: ServiceFolder,
  lock: ServiceLock,
  ready: () => Promise<void> = async () => {},
): Promise<boolean> {
  const text = printLock(lock);
  if ((await lockBytes(folder))?.toString('utf8') === text) return false;
  await ready();
  const file = join(folder.root, lockName);
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(aside, text);
    await rename(aside, file);
    return true;
  } catch (cause) {
    await rm(aside, { force: true });
    throw new NstackError('file-unwritable', `${lockFile(folder)} cannot be written`, {
      cause,
      hint: 'make the folder writable, or keep a lock in it and build with --frozen, which writes nothing',
    });
  }
}
