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
  await Parser.init();
  const language = loaded.get(stack) ?? Language.load(grammarFile(stack));
  loaded.set(stack, language);
  return new Parser().setLanguage(await language);
}

/** Each once: what a grammar is loaded into, 7 MB for Haskell's, is never given back. */
const loaded = new Map<string, Promise<Language>>();

function grammarFile(stack: string): string {
  const name = `tree-sitter-${stack}`;
  const shipped = join(packageRoot(), 'dist', 'grammars', `${name}.wasm`);
  if (existsSync(shipped)) return shipped;
  return createRequire(import.meta.url).resolve(`${name}/${name}.wasm`);
}
