import { createHash } from 'node:crypto';
import { constants, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../core/index.ts';

/** How everything stands on the disk that a build of a service folder reads. */
export interface FolderStamp {
  /** Equal digests: nothing was written, renamed, added or removed since. */
  readonly digest: string;
  /** Equal ones: nothing but the contents of `files` was written. */
  readonly frame: string;
  /** The latest change of all, milliseconds since 1970. */
  readonly latest: number;
}

/** Folders that never go in an image (manifest/expand-files.ts). */
const ignored = new Set(['.git', '.nstack', 'node_modules']);

/** Beyond it, reading what matters is quicker than looking at everything. */
const mostEntries = 2_000;

/**
 * Looks at every file of a service folder and of nstack's part of the language, its own program among it, without reading any: sizes, times (nanoseconds, of content and of
 * entry) and numbers of inodes. Undefined where that would not tell: links, whose targets may lie anywhere, or too many files. Synchronous, since a
 * few hundred questions to the disk take less time than as many promises.
 */
export function folderStamp(
  root: string,
  language: string,
  files: ReadonlySet<string> = new Set(),
): FolderStamp | undefined {
  const own = packageRoot();
  const hash = createHash('sha256');
  const frame = createHash('sha256');
  let latest = 0n;
  let entries = 0;
  const note = (path: string): boolean => {
    const { mode, size, mtimeNs, ctimeNs, ino } = lstatSync(path, { bigint: true });
    const whole = `${path}\0${mode} ${size} ${mtimeNs} ${ctimeNs} ${ino}\n`;
    hash.update(whole);
    // A file that is written aside and renamed changes its folder; what a folder holds has lines of its own.
    const isFolder = (Number(mode) & constants.S_IFMT) === constants.S_IFDIR;
    frame.update(isFolder || files.has(path) ? `${path}\0${mode}\n` : whole);
    for (const time of [mtimeNs, ctimeNs]) if (time > latest) latest = time;
    return ++entries <= mostEntries;
  };
  const walk = (folder: string): boolean => {
    const found = readdirSync(folder, { withFileTypes: true });
    for (const entry of found) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() ? ignored.has(entry.name) : !entry.isFile()) {
        if (entry.isDirectory()) continue;
        return false;
      }
      if (!note(path) || (entry.isDirectory() && !walk(path))) return false;
    }
    return true;
  };
  try {
    const program = import.meta.filename.endsWith('.ts') ? join(own, 'src') : join(own, 'dist/nstack.mjs');
    const whole = note(program) && note(root) && walk(root);
    if (!whole || !walk(join(own, 'templates', language))) return undefined;
    if (!note(join(own, 'templates/commands.dockerfile')) || !walk(join(own, 'templates/parts')))
      return undefined;
  } catch {
    return undefined;
  }
  return {
    digest: hash.digest('hex'),
    frame: frame.digest('hex'),
    latest: Number(latest / 1_000_000n),
  };
}
