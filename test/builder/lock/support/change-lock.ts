import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseLock } from '../../../../src/builder/lock/parse-lock.ts';
import { printLock } from '../../../../src/builder/lock/print-lock.ts';
import type { ServiceLock } from '../../../../src/builder/lock/service-lock.ts';
import type { ServiceFolder } from '../../../../src/stacks/index.ts';

/** The lock of a service that was built. */
export async function lockOf({ root }: ServiceFolder): Promise<ServiceLock> {
  const { lock } = parseLock(await readFile(join(root, 'nstack.lock')), 'nstack.lock');
  if (lock === undefined) throw new Error('the lock that was written cannot be read');
  return lock;
}

/** Writes the lock of a service that was built anew, with something else in it. */
export async function changeLock(
  folder: ServiceFolder,
  change: (lock: ServiceLock) => ServiceLock,
): Promise<void> {
  await writeFile(join(folder.root, 'nstack.lock'), printLock(change(await lockOf(folder))));
}
