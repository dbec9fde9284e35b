import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import { NstackError } from '../core/index.ts';
import { expandFiles } from '../manifest/index.ts';
import type { ImageFile, ServiceFolder } from './stack.ts';

/** The files that `files` of nstack.yaml names, below `workdir` in the image, in order of path. Fails with `file-missing`. */
export async function namedFiles(service: ServiceFolder, workdir: string): Promise<readonly ImageFile[]> {
  const { files } = service.manifest;
  if (files.length === 0) return [];
  const found = await expandFiles(service.root, files);
  return Promise.all(found.map(({ path, absolute }) => imageFile(path, absolute, workdir)));
}

/** The code file of a service. Fails with `file-missing`, or `file-unreadable` where it stands outside the service's folder. */
export async function codeFile(service: ServiceFolder, path: string, workdir: string): Promise<ImageFile> {
  const { name } = service.manifest;
  const file = join(service.root, path);
  const [root, target] = await Promise.all([realpath(service.root), realpath(file).catch(() => undefined)]);
  if (target === undefined)
    throw new NstackError('file-missing', `${name} has no code: there is no ${path} in ${service.root}`, {
      hint: 'write the code there, or say in nstack.yaml where it is: `entry: PATH`',
    });
  const way = relative(root, target);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
    throw new NstackError(
      'file-unreadable',
      `the code of ${name}, ${path}, is outside the folder ${service.root}`,
    );
  return imageFile(path, target, workdir);
}

async function imageFile(path: string, file: string, workdir: string): Promise<ImageFile> {
  const status = await stat(file);
  if (!status.isFile()) throw new NstackError('file-unreadable', `${path} is no ordinary file`);
  // The two modes that Git knows: what else a checkout has differs from machine to machine.
  const mode = (status.mode & 0o100) === 0 ? 0o644 : 0o755;
  return { path: posix.join(workdir, path), content: { file }, mode };
}
