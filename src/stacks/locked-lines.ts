import { hexOf } from '../core/index.ts';
import type { InstalledPackage } from './stack.ts';

/** Locked packages for a script of a build stage: `NAME VERSION SHA256`, a line a file, in order of bytes. */
export function lockedLines(packages: readonly InstalledPackage[]): string {
  const lines = packages.flatMap(({ name, version, hashes }) =>
    hashes.map((hash) => `${name} ${version} ${hexOf(hash)}\n`),
  );
  return lines.sort().join('');
}
