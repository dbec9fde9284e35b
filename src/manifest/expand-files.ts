import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { type Diagnostic, NstackError } from '../core/index.ts';
import { pathFault } from './safe-path.ts';

/** One file that goes in the image. */
export interface ExpandedFile {
  /** Below the service folder, parted by `/`. */
  readonly path: string;
  readonly absolute: string;
  /** Bytes. */
  readonly size: number;
}

/** Folders that never go in an image. */
const ignored = new Set(['.git', '.nstack', 'node_modules']);

/**
 * The files that the globs of `files` mean, each once, in the order of their paths' code units. A glob without special signs names a file, or a
 * folder with all that is in it; `*` does not match a leading dot. A link counts as the file it leads to, which must be below `root`.
 * Fails with `file-missing`, carrying a finding for every glob that matches nothing and every path that leads out of `root`.
 */
export async function expandFiles(root: string, globs: readonly string[]): Promise<readonly ExpandedFile[]> {
  const home = await realpath(root);
  const files = new Map<string, ExpandedFile>();
  const faults: Diagnostic[] = [];
  const report = (message: string) => faults.push({ code: 'bad-files', severity: 'error', message });
  for (const glob of globs) {
    const fault = pathFault(glob);
    const paths = fault === undefined ? await matches(home, glob) : [];
    if (fault !== undefined) report(`files: ${JSON.stringify(glob)} ${fault}`);
    else if (paths.length === 0) report(`files: ${JSON.stringify(glob)} matches nothing in ${root}`);
    for (const path of paths) {
      const found = files.has(path) ? undefined : await inspect(home, path);
      if (typeof found === 'string') report(`files: ${path} ${found}`);
      else if (found !== undefined) files.set(path, found);
    }
  }
  const [first] = faults;
  if (first !== undefined) {
    const message = faults.length === 1 ? first.message : `${faults.length} faults in files`;
    throw new NstackError('file-missing', message, { diagnostics: faults });
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Paths below `home` that a glob means, links among them unfollowed. */
async function matches(home: string, glob: string): Promise<readonly string[]> {
  // A name with brackets in it is a name first.
  const named = await lstat(join(home, glob)).catch(() => undefined);
  // Loaded where there are globs: most services name none.
  const [{ fdir }, { default: picomatch }] = await Promise.all([import('fdir'), import('picomatch')]);
  const scan = picomatch.scan(glob, globOptions);
  const isGlob = named === undefined && scan.isGlob;
  const start = join(home, isGlob ? scan.base : glob);
  const info = isGlob ? await lstat(start).catch(() => undefined) : named;
  if (info === undefined) return [];
  if (!isGlob && !info.isDirectory()) return [toPath(home, start)];
  // What is below a link is not looked at: the link itself is the finding, or a file.
  if (!(await isInside(home, start))) return [toPath(home, start)];
  const found = await new fdir()
    .withFullPaths()
    .exclude((name) => ignored.has(name))
    .crawl(start)
    .withPromise();
  const isMatch = picomatch(glob, globOptions);
  const paths = found.map((path) => toPath(home, path));
  return isGlob ? paths.filter((path) => isMatch(path)) : paths;
}

const globOptions = { nonegate: true, noextglob: true, dot: false } as const;

/** The file at a path, or what is wrong with it. */
async function inspect(home: string, path: string): Promise<ExpandedFile | string> {
  const absolute = join(home, path);
  const target = await realpath(absolute).catch(() => undefined);
  if (target === undefined) return 'is a link that leads nowhere';
  if (!isBelow(home, target)) return 'is a link that leads out of the folder of nstack.yaml';
  if (
    relative(home, target)
      .split(sep)
      .some((name) => ignored.has(name))
  )
    return `lies in one of ${[...ignored].join(', ')}`;
  const info = await lstat(target);
  if (info.isDirectory()) return 'is a link to a folder: name the folder itself';
  if (!info.isFile()) return 'is no ordinary file';
  return { path, absolute: target, size: info.size };
}

async function isInside(home: string, path: string): Promise<boolean> {
  return isBelow(home, await realpath(path));
}

function isBelow(home: string, path: string): boolean {
  const way = relative(home, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function toPath(home: string, absolute: string): string {
  return relative(home, absolute).split(sep).join('/');
}
