import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Place } from '../../core/index.ts';
import type { ServiceFolder, Stack } from '../stack.ts';
import type { ContractPlaces } from './places.ts';

/** Finds the places of a service folder. Files that cannot be read have no lines: a check that came so far has read them already. */
export async function readPlaces(
  folder: ServiceFolder,
  stack: Pick<Stack, 'entryOf' | 'words'>,
): Promise<ContractPlaces> {
  const { root, manifestFile, manifest } = folder;
  const entry = await stack.entryOf(folder);
  const folderAsTyped = dirname(manifestFile);
  const lines = new Map<string, readonly string[]>();
  const linesOf = (file: string): readonly string[] => {
    const known = lines.get(file) ?? textOf(join(root, relative(folderAsTyped, file))).split(/\r\n|\r|\n/);
    lines.set(file, known);
    return known;
  };
  const manifestText = textOf(join(root, basename(manifestFile)));
  const places = functionPlaces(
    manifestText,
    manifestFile,
    manifest.api.functions.map(({ name }) => name),
  );
  return {
    manifestFile,
    codeFile: join(folderAsTyped, entry),
    words: stack.words,
    placeOfFunction: (name) => places.get(name),
    sourceLine: ({ file, line }) => linesOf(file)[line - 1],
  };
}

/** Lines are asked for one finding at a time, of files that a check has read a moment ago. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Where each function's line begins in the api of a manifest; the place of the api where the line cannot be found. */
export function functionPlaces(
  manifestText: string,
  file: string,
  names: readonly string[],
): ReadonlyMap<string, Place> {
  const counter = new LineCounter();
  const document = parseDocument(manifestText, { lineCounter: counter });
  const pair = isMap(document.contents) ? document.contents.items.find(isApi) : undefined;
  const value = pair?.value;
  if (!isScalar(value) || value.range === undefined || value.range === null) return new Map();
  const [start, end] = value.range;
  const text = manifestText.slice(start, end);
  return new Map(
    names.map((name) => {
      const found = new RegExp(`(?:^|[\\s'";])${quoteForPattern(name)}(?=\\s*:)`, 'm').exec(text);
      const offset = found === null ? start : start + found.index + found[0].length - name.length;
      const { line, col } = counter.linePos(offset);
      return [name, { file, line, column: col, length: found === null ? 1 : name.length }];
    }),
  );
}

function isApi(pair: unknown): boolean {
  return isPair(pair) && isScalar(pair.key) && pair.key.value === 'api';
}

function quoteForPattern(name: string): string {
  return name.replaceAll(/[^\w]/g, '\\$&');
}
