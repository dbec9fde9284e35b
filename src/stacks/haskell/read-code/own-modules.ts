import { dirname, join } from 'node:path';
import type { Parser } from 'web-tree-sitter';
import type { ServiceFolder } from '../../stack.ts';
import type { HaskellEntry } from '../entry.ts';
import { moduleSources, sourceFolder } from '../module-sources.ts';
import { type HaskellModule, parseHaskell } from './haskell-module.ts';

/** The author's own modules: the entry, and all that it imports from the source folders, and what those import. */
export interface OwnModules {
  readonly entry: HaskellModule;
  /** Undefined for a module of a library. */
  find(name: string): HaskellModule | undefined;
  close(): void;
}

/** Reads the texts of all; parses those alone that are asked for. Fails with `file-unreadable`. */
export async function readOwnModules(
  service: ServiceFolder,
  entry: HaskellEntry,
  parser: Parser,
): Promise<OwnModules> {
  const sources = await moduleSources(service, entry);
  const texts = new Map(
    sources.filter(({ path }) => path.endsWith('.hs')).map((source) => [nameOf(source.path), source]),
  );
  const parsed = new Map<string, HaskellModule>();
  const parse = (name: string, written: { readonly file: string; readonly text: string }): HaskellModule => {
    const module = parsed.get(name) ?? parseHaskell(parser, { name, ...written });
    parsed.set(name, module);
    return module;
  };
  return {
    entry: parse(entry.moduleName, {
      file: join(dirname(service.manifestFile), entry.path),
      text: entry.text,
    }),
    find(name) {
      const written = texts.get(name);
      return parsed.get(name) ?? (written === undefined ? undefined : parse(name, written));
    },
    close() {
      for (const module of parsed.values()) module.close();
    },
  };
}

/** `Shop.Types` of `src/Shop/Types.hs`. */
function nameOf(path: string): string {
  return path.slice(sourceFolder.length + 1, -'.hs'.length).replaceAll('/', '.');
}
