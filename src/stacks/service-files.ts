import { lstat, realpath } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { NstackError } from '../core/index.ts';
import type { ImageFile, ServiceFolder } from './stack.ts';

/** Folders that no glob looks into: version control and what tools leave behind. */
const passedOver = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  '__pycache__',
  '.venv',
  '.pytest_cache',
  '.mypy_cache',
]);

/**
 * The files that `files` of nstack.yaml names, below `workdir` in the image, in order of path. A glob that names a folder means all that is in it.
 * Fails with `file-missing` (a glob that matches nothing) or `file-unreadable` (a link, or a path that leaves the folder).
 */
export async function collectFiles(service: ServiceFolder, workdir: string): Promise<readonly ImageFile[]> {
  const { files: globs } = service.manifest;
  if (globs.length === 0) return [];
  const [{ fdir }, { default: picomatch }] = await Promise.all([import('fdir'), import('picomatch')]);
  const paths = await new fdir()
    .withRelativePaths()
    .withPathSeparator('/')
    .exclude((name) => passedOver.has(name))
    .crawl(service.root)
    .withPromise();
  paths.sort();
  const chosen = new Set<string>();
  for (const glob of globs) {
    const pattern = insidePattern(service, glob);
    const matches = picomatch([pattern, `${pattern}/**`], { dot: true });
    const found = paths.filter((path) => matches(path));
    if (found.length === 0)
      throw new NstackError('file-missing', `files: "${glob}" matches nothing in ${service.root}`, {
        hint: 'a glob is relative to the folder of nstack.yaml: data/*.csv, or data for all that is in it',
      });
    for (const path of found) chosen.add(path);
  }
  return Promise.all([...chosen].sort().map((path) => imageFile(service, path, workdir)));
}

/** One file of the service's folder as it goes in the image. Fails with `file-missing` or `file-unreadable`. */
export async function imageFile(service: ServiceFolder, path: string, workdir: string): Promise<ImageFile> {
  const file = join(service.root, path);
  const status = await lstat(file).catch((cause: unknown) => {
    throw new NstackError(
      'file-missing',
      `${service.manifest.name} has no file "${path}" in ${service.root}`,
      { cause },
    );
  });
  if (status.isSymbolicLink() || !(await standsInside(service.root, file)))
    throw new NstackError('file-unreadable', `"${path}" is a link, and only plain files go in an image`, {
      hint: 'put the file itself there',
    });
  if (!status.isFile()) throw new NstackError('file-unreadable', `"${path}" is not a plain file`);
  return {
    path: posix.join(workdir, path.split(sep).join('/')),
    content: { file },
    mode: (status.mode & 0o100) === 0 ? 0o644 : 0o755,
  };
}

function insidePattern(service: ServiceFolder, glob: string): string {
  const pattern = posix.normalize(glob).replace(/\/+$/, '');
  if (pattern.startsWith('/') || pattern.split('/').includes('..'))
    throw new NstackError('file-unreadable', `files: "${glob}" leaves the folder ${service.root}`, {
      hint: 'only files below the folder of nstack.yaml go in the image',
    });
  return pattern === '.' ? '**' : pattern;
}

/** A folder on the way may be a link too. */
async function standsInside(root: string, file: string): Promise<boolean> {
  const [realRoot, realFile] = await Promise.all([realpath(root), realpath(file)]);
  return relative(realRoot, realFile) === relative(root, file);
}
