import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Parser } from 'web-tree-sitter';
import type { Declaration, JavaFile } from './declarations.ts';
import { parseJava } from './java-file.ts';

/** The author's own classes, by package and name. Files are read when something asks for them. */
export interface SourceTree {
  /** An outermost class of a package; undefined where the author has none of that name. */
  find(packageName: string, name: string): Declaration | undefined;
  /** Same, wherever in the package's folder it stands; reads all of its files. */
  search(packageName: string, name: string): Declaration | undefined;
  /** More was asked for than is read here, so that what was not found may be there. */
  readonly incomplete: boolean;
  close(): void;
}

const mostFiles = 200;
const largestFile = 1024 * 1024;

/**
 * Files are read without waiting, since types are understood recursively, and a service names few of its own.
 *
 * @param root absolute path of the folder that packages begin in.
 * @param shown the same as the user would type it.
 * @param entry the file that is read already; its own folder stands for its package, wherever it is.
 */
export function createSourceTree(
  parser: Parser,
  { root, shown, entry, entryPath }: { root: string; shown: string; entry: JavaFile; entryPath: string },
): SourceTree {
  const files = new Map<string, JavaFile | undefined>([[join(root, entryPath), entry]]);
  let filesRead = 0;
  let incomplete = false;

  const tree = {
    get incomplete() {
      return incomplete;
    },
    find(packageName: string, name: string) {
      const own = packageName === entry.packageName ? typeIn(entry, name) : undefined;
      if (own !== undefined) return own;
      const file = open(join(folderOf(packageName), `${name}.java`));
      return file?.packageName === packageName ? typeIn(file, name) : undefined;
    },
    search(packageName: string, name: string) {
      for (const path of javaFilesIn(join(root, folderOf(packageName)))) {
        const file = open(join(folderOf(packageName), path));
        const found = file?.packageName === packageName ? typeIn(file, name) : undefined;
        if (found !== undefined) return found;
      }
      return undefined;
    },
    close() {
      for (const file of files.values()) if (file !== entry) file?.close();
    },
  };
  return tree;

  /** A file that is not there, cannot be read, or is beyond the limits is none. */
  function open(path: string): JavaFile | undefined {
    const full = join(root, path);
    if (files.has(full)) return files.get(full);
    const text = readText(full);
    const file = text === undefined ? undefined : parseJava(parser, join(shown, path), text);
    files.set(full, file);
    return file;
  }

  function readText(full: string): string | undefined {
    const found = statSync(full, { throwIfNoEntry: false });
    if (found === undefined || !found.isFile()) return undefined;
    filesRead += 1;
    const bytes = found.size <= largestFile && filesRead <= mostFiles ? readBytes(full) : undefined;
    if (bytes !== undefined && isUtf8(bytes)) return new TextDecoder().decode(bytes);
    incomplete = true;
    return undefined;
  }
}

function typeIn(file: JavaFile, name: string): Declaration | undefined {
  return file.types.find((type) => type.name === name);
}

function folderOf(packageName: string): string {
  return packageName.replaceAll('.', '/');
}

function readBytes(full: string): Buffer | undefined {
  try {
    return readFileSync(full);
  } catch {
    return undefined;
  }
}

function javaFilesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.java'))
      .sort();
  } catch {
    return [];
  }
}
