import { stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { lineOf, NstackError } from '../../core/index.ts';
import { readCodeText } from '../code/code-text.ts';
import type { ServiceFolder } from '../stack.ts';
import { readCabalFile } from './cabal-file.ts';
import { type ModuleHeader, moduleHeader } from './module-header.ts';

const fileName = 'Service.hs';

/** The file of a Haskell service that holds its functions, and what its place and its first lines mean. */
export interface HaskellEntry {
  /** A path below the service's folder, such as `src/Acme/Service.hs`. */
  readonly path: string;
  /** Folders that modules begin in, paths below the service's folder, the entry's own first: `` or `src`. */
  readonly sourceRoots: readonly string[];
  /** `Acme.Service`. */
  readonly moduleName: string;
  readonly text: string;
  readonly header: ModuleHeader;
}

/**
 * The path of a Haskell service's code below its folder: `entry` of the manifest, else Service.hs, else src/Service.hs, else Service.hs where the
 * cabal package has its modules. Fails with `file-missing`.
 */
export async function entryOf(service: ServiceFolder): Promise<string> {
  const { root, manifest } = service;
  if (manifest.entry !== undefined) return posix.normalize(manifest.entry);
  const usual = [fileName, `src/${fileName}`];
  for (const path of usual) if (await isFile(join(root, path))) return path;
  const folders = (await readCabalFile(service))?.sourceFolders ?? [];
  for (const path of folders.map((folder) => posix.join(folder, fileName)))
    if (await isFile(join(root, path))) return path;
  throw new NstackError(
    'file-missing',
    `${manifest.name} has no code: there is no ${fileName} in ${root}, and none below ${folders.join(', ') || 'src'}`,
    { hint: 'write the code there, or say in nstack.yaml where it is: `entry: PATH`' },
  );
}

/** The same, and what it means. Fails with `file-unreadable`, `manifest-invalid` or, where its module has another name, `build-failed` too. */
export async function haskellEntry(service: ServiceFolder): Promise<HaskellEntry> {
  const path = await entryOf(service);
  const base = posix.basename(path, '.hs');
  if (!path.endsWith('.hs') || !isModuleWord(base))
    throw new NstackError('manifest-invalid', `entry: ${path} is no file of a Haskell module`, {
      hint: 'name the file whose functions are served, with a capital letter: such as Service.hs',
    });
  const file = join(dirname(service.manifestFile), path);
  const text = await readCodeText(join(service.root, path), file, service.manifest.name);
  const header = moduleHeader(text);
  const folders = (await readCabalFile(service))?.sourceFolders ?? [];
  if (header.name === undefined) {
    const root = folders.find((folder) => isBelow(path, folder)) ?? folderOf(path);
    return {
      path,
      text,
      header,
      sourceRoots: unique([root, ...folders]),
      moduleName: path.slice(root === '' ? 0 : root.length + 1, -3).replaceAll('/', '.'),
    };
  }
  const tail = `${header.name.replaceAll('.', '/')}.hs`;
  if (path !== tail && !path.endsWith(`/${tail}`)) throw otherName(service, { file, path, text, header });
  const root = path.slice(0, -tail.length).replace(/\/$/, '');
  return { path, text, header, sourceRoots: unique([root, ...folders]), moduleName: header.name };
}

function otherName(
  { manifest }: ServiceFolder,
  { file, path, text, header }: { file: string; path: string; text: string; header: ModuleHeader },
): NstackError {
  const { line, column, name = '' } = header;
  const main = name === 'Main' ? ', and Main is the name of the program that serves it' : '';
  return new NstackError('build-failed', `the code of ${manifest.name} does not compile`, {
    diagnostics: [
      {
        code: 'module-name',
        severity: 'error',
        message: `${file}:${line} calls the module ${name}, which GHC would look for in ${name.replaceAll('.', '/')}.hs${main}`,
        place: { file, line, column, length: name.length },
        sourceLine: lineOf(text, line),
        hint: `write: module ${posix.basename(path, '.hs')} where`,
      },
    ],
  });
}

function isModuleWord(word: string): boolean {
  return /^\p{Lu}[\p{L}\p{N}_']*$/u.test(word) && word !== 'Main';
}

function isBelow(path: string, folder: string): boolean {
  const below = folder === '' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : '';
  return below !== '' && below.slice(0, -3).split('/').every(isModuleWord);
}

function folderOf(path: string): string {
  return posix.dirname(path) === '.' ? '' : posix.dirname(path);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
