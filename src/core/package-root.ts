import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of nstack's own package.json, found upwards from this file: the same from src/ and from a bundle in dist/.
 * templates/, dist/ and schema/ stand below it.
 */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${import.meta.dirname}`);
    folder = parent;
  }
  return folder;
}
