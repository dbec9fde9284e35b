import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Parser } from 'web-tree-sitter';
import { readCodeText } from '../../code/code-text.ts';
import type { ServiceFolder } from '../../stack.ts';
import type { HaskellEntry } from '../entry.ts';
import { type HaskellModule, parseHaskell } from './haskell-module.ts';

/** Beyond these the types of further modules are left to the probe. */
const mostModules = 200;
const mostText = 8 * 1024 * 1024;

/** The author's own modules: the entry, and all that it imports from the source folders, and what those import. */
export interface OwnModules {
  readonly entry: HaskellModule;
  /** Undefined for a module of a library. */
  find(name: string): HaskellModule | undefined;
  close(): void;
}

/** Reads the texts of all; parses those alone that are asked for. */
export async function readOwnModules(
  service: ServiceFolder,
  entry: HaskellEntry,
  parser: Parser,
): Promise<OwnModules> {
  const file = join(dirname(service.manifestFile), entry.path);
  const texts = await readTexts(service, entry);
  const parsed = new Map<string, HaskellModule>();
  const parse = (name: string, written: { file: string; text: string }): HaskellModule => {
    const module = parsed.get(name) ?? parseHaskell(parser, { name, ...written });
    parsed.set(name, module);
    return module;
  };
  return {
    entry: parse(entry.moduleName, { file, text: entry.text }),
    find(name) {
      const written = texts.get(name);
      return parsed.get(name) ?? (written === undefined ? undefined : parse(name, written));
    },
    close() {
      for (const module of parsed.values()) module.close();
    },
  };
}

async function readTexts(
  service: ServiceFolder,
  entry: HaskellEntry,
): Promise<ReadonlyMap<string, { readonly file: string; readonly text: string }>> {
  const texts = new Map<string, { file: string; text: string }>();
  const asked = new Set([entry.moduleName]);
  let size = entry.text.length;
  let waiting = importedNames(entry.text);
  while (waiting.length > 0 && size < mostText) {
    const fresh = [...new Set(waiting)].filter((name) => !asked.has(name)).slice(0, mostModules - texts.size);
    for (const name of fresh) asked.add(name);
    const found = await Promise.all(fresh.map((name) => readModule(service, entry.sourceRoots, name)));
    waiting = [];
    for (const [index, written] of found.entries()) {
      const name = fresh[index];
      if (written === undefined || name === undefined) continue;
      texts.set(name, written);
      size += written.text.length;
      waiting.push(...importedNames(written.text));
    }
  }
  return texts;
}

function importedNames(text: string): string[] {
  const imports = /^[ \t]*import\s+(?:safe\s+)?(?:qualified\s+)?(\p{Lu}[\p{L}\p{N}_'.]*)/gmu;
  return [...text.matchAll(imports)].flatMap(([, name]) => name ?? []);
}

async function readModule(
  service: ServiceFolder,
  roots: readonly string[],
  name: string,
): Promise<{ file: string; text: string } | undefined> {
  for (const root of roots) {
    const below = join(root, `${name.replaceAll('.', '/')}.hs`);
    const path = join(service.root, below);
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!isFile) continue;
    const file = join(dirname(service.manifestFile), below);
    // One that is too large or no text is GHC's to refuse.
    return readCodeText(path, file, service.manifest.name).then(
      (text) => ({ file, text }),
      () => undefined,
    );
  }
  return undefined;
}
