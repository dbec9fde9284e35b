import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { ImageFile } from './stack.ts';

/** The files of a folder of templates for a build context or an image, below `to` there, in order of path; `wanted` says which, by path. */
export async function templateFiles(
  folder: string,
  to: string,
  wanted: (path: string) => boolean = () => true,
): Promise<readonly ImageFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter(wanted)
    .sort()
    .map((path) => ({ path: posix.join(to, path), content: { file: join(folder, path) }, mode: 0o644 }));
}

/** What tells of the packages that a step of a build has installed, for the folder `to` of its tools. `templates` is the folder of one language's. */
export function tellingFiles(templates: string, to: string): Promise<readonly ImageFile[]> {
  return templateFiles(join(templates, '../parts'), to, (path) => path === 'tell-installed.sh');
}
