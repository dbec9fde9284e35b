import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NstackError } from '../../core/index.ts';
import { manifestName } from '../../manifest/index.ts';
import type { ServiceFolder } from '../../stacks/index.ts';
import { parseLock } from './parse-lock.ts';
import { lockName, type ServiceLock } from './service-lock.ts';

/** The lock of a service's folder; undefined where there is none. Fails with `lock-invalid`, which carries every fault, or `file-unreadable`. */
export async function readLock(folder: ServiceFolder): Promise<ServiceLock | undefined> {
  const bytes = await lockBytes(folder);
  if (bytes === undefined) return undefined;
  const file = lockFile(folder);
  const { lock, diagnostics } = parseLock(bytes, file);
  if (lock !== undefined) return lock;
  const count = diagnostics.length === 1 ? 'one fault' : `${diagnostics.length} faults`;
  throw new NstackError('lock-invalid', `${file} has ${count}`, {
    diagnostics,
    hint: 'take back the version that nstack wrote, or remove it and build, which takes the packages of today',
  });
}

/** Path of the lock as the user would type it. */
export function lockFile({ manifestFile }: ServiceFolder): string {
  return manifestFile.slice(0, -manifestName.length) + lockName;
}

export async function lockBytes({ root }: ServiceFolder): Promise<Buffer | undefined> {
  try {
    return await readFile(join(root, lockName));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new NstackError('file-unreadable', `${join(root, lockName)} cannot be read`, { cause });
  }
}
