import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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
  const codeFile = join(dirname(manifestFile), entry);
  const [manifestText, codeText] = await Promise.all(
    [join(root, basename(manifestFile)), join(root, entry)].map((path) =>
      readFile(path, 'utf8').catch(() => ''),
    ),
  );
  const lines = new Map([
    [manifestFile, (manifestText ?? '').split(/\r\n|\r|\n/)],
    [codeFile, (codeText ?? '').split(/\r\n|\r|\n/)],
  ]);
  const places = functionPlaces(
    manifestText ?? '',
    manifestFile,
    manifest.api.functions.map(({ name }) => name),
  );
  return {
    manifestFile,
    codeFile,
    words: stack.words,
    placeOfFunction: (name) => places.get(name),
    sourceLine: ({ file, line }) => lines.get(file)?.[line - 1],
  };
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
