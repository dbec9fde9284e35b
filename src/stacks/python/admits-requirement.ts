import { admitsPythonVersion } from './pep440.ts';
import type { Requirements } from './requirements.ts';

/** Whether the author's own requirements admit a version of a package; those with which nothing is said of it, or nothing that can be read, admit it. */
export function admitsRequirement({ files }: Requirements, name: string, version: string): boolean {
  return files
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([^;#@]*)/.exec(line))
    .filter((found) => found?.[1]?.toLowerCase().replaceAll(/[-_.]+/g, '-') === name)
    .every(
      (found) =>
        admitsPythonVersion((found?.[2] ?? '').replace(/\s--hash.*$|\\$/, '').trim(), version) !== false,
    );
}
