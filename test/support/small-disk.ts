import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why no small disk can be mounted here, for the name of a test that is skipped; undefined where one can. */
export const whyNoSmallDisk = tryMounting();

/** A disk in memory that is soon full. */
export interface SmallDisk {
  readonly path: string;
  /** Takes this much of it; `free` gives it back. */
  fill(bytes: number): void;
  free(): void;
  unmount(): void;
}

/** Mounts one of `size` (tmpfs(5)) below a folder. Needs to be root. */
export function mountSmallDisk(folder: string, size: string): SmallDisk {
  const path = join(folder, 'disk');
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'pipe' });
  const filler = join(path, 'filler');
  return {
    path,
    fill: (bytes) => writeFileSync(filler, Buffer.alloc(bytes, 1)),
    free: () => rmSync(filler),
    unmount: () => void execFileSync('umount', ['-l', path]),
  };
}

function tryMounting(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'nstack-disk-'));
  try {
    mountSmallDisk(folder, '64k').unmount();
    return undefined;
  } catch {
    return ' (skipped: this user may not mount a tmpfs)';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
