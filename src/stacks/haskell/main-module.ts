import { dirname, join, posix } from 'node:path';
import { lineOf, type Place } from '../../core/index.ts';
import type { ServiceFolder } from '../stack.ts';
import type { HaskellEntry } from './entry.ts';
import type { ServedFunction } from './read-code.ts';

/** The module that nstack generates: the program that serves the author's functions. */
export interface MainModule {
  /** Below the folder that GHC runs in, as it speaks of it. */
  readonly path: string;
  readonly text: string;
  readonly functions: readonly MainFunction[];
}

interface MainFunction {
  readonly name: string;
  readonly place: Place;
  readonly sourceLine: string;
}

/**
 * Generates the program of a service. The splice looks at the functions' types and makes what decodes, calls and encodes
 * (templates/haskell/src/NStack/Serve.hs); the author's own modules need no Template Haskell.
 */
export async function mainModule(service: ServiceFolder, entry: HaskellEntry): Promise<MainModule> {
  const { servedFunctions } = await import('./read-code.ts');
  const served = await servedFunctions(service);
  const file = join(dirname(service.manifestFile), entry.path);
  return {
    path: 'main/Main.hs',
    text: mainText(entry, served),
    functions: served.map(({ name, line, column }) => ({
      name,
      place: { file, line, column, length: name.length },
      sourceLine: lineOf(entry.text, line),
    })),
  };
}

function mainText({ moduleName, path }: HaskellEntry, served: readonly ServedFunction[]): string {
  const functions = served.map(
    ({ name, line, column, parameters }) =>
      `(${quoted(name)}, ${line}, ${column}, [${parameters.map(quoted).join(', ')}])`,
  );
  // The options of the author's cabal package are not for this module.
  return `{-# LANGUAGE GHC2021, TemplateHaskell, ImplicitPrelude, NoOverloadedLists, NoOverloadedStrings, NoRebindableSyntax, NoStrict #-}
{-# OPTIONS_GHC -w -Wwarn #-}

module Main (main) where

import qualified NStack.Serve
import qualified ${moduleName}

main :: IO ()
main =
  $(NStack.Serve.serveModule ${quoted(moduleName)} ${quoted(posix.basename(path))}
    [ ${functions.join('\n    , ')}
    ])
`;
}

/** A Haskell string. What names and paths may hold beyond ASCII is written by its number, and ended so that no digit can join it. */
function quoted(text: string): string {
  const signs = [...text].map((sign) => {
    const code = sign.codePointAt(0) ?? 0;
    if (sign === '"' || sign === '\\') return `\\${sign}`;
    return code >= 0x20 && code < 0x7f ? sign : `\\${code}\\&`;
  });
  return `"${signs.join('')}"`;
}
