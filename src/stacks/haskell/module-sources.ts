import { readFile, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { codeFile } from '../service-files.ts';
import type { ServiceFolder } from '../stack.ts';
import type { HaskellEntry } from './entry.ts';
import { withModuleHeader } from './module-header.ts';

/** One of the author's modules, and what GHC is given of it. */
export interface ModuleSource {
  /** Below the folder that GHC runs in, as it speaks of it: `src/Acme/Service.hs`. */
  readonly path: string;
  /** As the user would type it. */
  readonly file: string;
  /** As the author wrote it. */
  readonly text: string;
  /** The text for GHC. */
  readonly given: string;
}

/** Where GHC finds the author's modules. */
export const sourceFolder = 'src';

/** The entry and the author's modules that it imports, and those that these import. Fails with `file-unreadable`. */
export async function moduleSources(
  service: ServiceFolder,
  entry: HaskellEntry,
): Promise<readonly ModuleSource[]> {
  const asked = new Set([entry.moduleName]);
  const found: ModuleSource[] = [];
  for (const name of asked) {
    for (const source of await moduleFiles(service, entry, name)) {
      found.push(source);
      for (const imported of importedModules(source.text)) asked.add(imported);
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A module's file in the first folder that has it, and what breaks a circle of imports beside it; none for a module of a library. */
async function moduleFiles(
  service: ServiceFolder,
  entry: HaskellEntry,
  name: string,
): Promise<readonly ModuleSource[]> {
  const below = name.replaceAll('.', '/');
  for (const root of entry.sourceRoots) {
    if (!(await isFile(join(service.root, root, `${below}.hs`)))) continue;
    const boot = `${below}.hs-boot`;
    const paths = [`${below}.hs`, ...((await isFile(join(service.root, root, boot))) ? [boot] : [])];
    return Promise.all(paths.map((path) => moduleSource(service, entry, root, path)));
  }
  return [];
}

async function moduleSource(
  service: ServiceFolder,
  entry: HaskellEntry,
  root: string,
  below: string,
): Promise<ModuleSource> {
  const own = posix.join(root, below);
  const { content } = await codeFile(service, own, '/');
  const text = content instanceof Uint8Array ? '' : await readFile(content.file, 'utf8');
  const path = posix.join(sourceFolder, below);
  const { moduleName, header } = entry;
  const given = own === entry.path ? withModuleHeader(text, header, { moduleName, file: path }) : text;
  return { path, file: join(dirname(service.manifestFile), own), text, given };
}

/** Rather too many than too few: what is in a comment, or for another system, may be there and is never asked for. */
function importedModules(text: string): readonly string[] {
  const imports =
    /^[ \t]*import\s+(?:\{-#\s*SOURCE\s*#-\}\s*)?(?:safe\s+)?(?:qualified\s+)?(?:"[^"\n]*"\s+)?(\p{Lu}[\p{L}\p{N}_'.]*)/gmu;
  return [...text.matchAll(imports)].flatMap(([, name]) => name ?? []);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
