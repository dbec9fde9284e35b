import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';
import { packageRoot } from '../../core/index.ts';

/**
 * A parser of a stack's language, in WebAssembly; the caller deletes it. The grammars stand in dist/ of the published package and in
 * node_modules of a checkout.
 */
export async function openParser(stack: 'python' | 'java' | 'haskell'): Promise<Parser> {
  loaded.runtime ??= Parser.init();
  await loaded.runtime;
  const language = loaded.grammars.get(stack) ?? Language.load(grammarFile(stack));
  loaded.grammars.set(stack, language);
  return await language.then((grammar) => new Parser().setLanguage(grammar));
}

/**
 * Once a process, also where several services are read at the same time: a second runtime would take the place of the first, whose grammars it cannot read, and what
 * a grammar is loaded into, 7 MB for Haskell's, is never given back.
 */
const loaded: { runtime?: Promise<void>; readonly grammars: Map<string, Promise<Language>> } = {
  grammars: new Map(),
};

function grammarFile(stack: string): string {
  const name = `tree-sitter-${stack}`;
  const shipped = join(packageRoot(), 'dist', 'grammars', `${name}.wasm`);
  if (existsSync(shipped)) return shipped;
  return createRequire(import.meta.url).resolve(`${name}/${name}.wasm`);
}
