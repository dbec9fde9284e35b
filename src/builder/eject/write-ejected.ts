import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NstackError } from '../../core/index.ts';
import type { BuildContext } from '../../stacks/index.ts';
import { ejectedTitle } from './ejected-context.ts';

const ownFolders = ['packages', 'toolchain', 'compile', 'layers'];

/**
 * Writes a build context to a folder, which is made where it is missing. Fails with `usage` where it holds anything and `force` is not set. With it, what an earlier eject wrote
 * is removed first, and files of the same name are replaced; others stay.
 */
export async function writeEjected(
  folder: string,
  { dockerfile, files }: BuildContext,
  { force }: { readonly force: boolean },
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const [first] = await readdir(folder);
    if (first !== undefined && !force)
      throw new NstackError('usage', `${folder} is not empty: it holds ${first}`, {
        hint: 'name another folder: --to DIR; or replace what is there with --force',
      });
    if (first !== undefined && (await isEjected(folder)))
      for (const name of ownFolders) await rm(join(folder, name), { recursive: true, force: true });
    for (const { path, content, mode } of [
      ...files,
      { path: 'Dockerfile', content: Buffer.from(dockerfile), mode: 0o644 },
    ]) {
      const file = join(folder, path);
      await makeFolders(folder, dirname(path));
      if (content instanceof Uint8Array) await writeFile(file, content);
      else await copyFile(content.file, file);
      await chmod(file, mode);
    }
  } catch (cause) {
    if (cause instanceof NstackError) throw cause;
    throw new NstackError('file-unwritable', `the context cannot be written to ${folder}`, { cause });
  }
}

async function isEjected(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, 'Dockerfile'), 'utf8').catch(() => '');
  return text.startsWith(ejectedTitle);
}

/** Folders of an image are open to read, whatever the umask here; COPY takes their modes over. */
async function makeFolders(root: string, path: string): Promise<void> {
  if (path === '.' || path === '/') return;
  await makeFolders(root, dirname(path));
  const folder = join(root, path);
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
}
