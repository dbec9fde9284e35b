import { readFile, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { codeFile } from '../service-files.ts';
import type { ServiceFolder } from '../stack.ts';
import type { HaskellEntry } from './entry.ts';
import { moduleHeader, textForGhc } from './module-header.ts';

/** One of the author's modules, and what GHC is given of it. */
export interface ModuleSource {
  /** Where GHC finds it, below the folder that it runs in: `src/Acme/Service.hs`. */
  readonly path: string;
  /** How GHC speaks of it: its path below the service's folder, such as `lib/Acme/Service.hs`. */
  readonly shown: string;
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
    return Promise.all(paths.map((path) => moduleSource(service, { root, name, below: path })));
  }
  return [];
}

async function moduleSource(
  service: ServiceFolder,
  { root, name, below }: { readonly root: string; readonly name: string; readonly below: string },
): Promise<ModuleSource> {
  const own = posix.join(root, below);
  const { content } = await codeFile(service, own, '/');
  const text = content instanceof Uint8Array ? '' : new TextDecoder().decode(await readFile(content.file));
  return {
    path: posix.join(sourceFolder, below),
    shown: own,
    file: join(dirname(service.manifestFile), own),
    text,
    given: textForGhc(text, moduleHeader(text), { moduleName: name, file: own }),
  };
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
