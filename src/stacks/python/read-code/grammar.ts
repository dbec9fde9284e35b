import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';
import { packageRoot } from '../../../core/index.ts';

/**
 * A parser of Python, in WebAssembly; the caller deletes it. The grammar stands in dist/ of the published package and in
 * node_modules of a checkout.
 */
export async function openPythonParser(): Promise<Parser> {
  await Parser.init();
  const language = await Language.load(grammarFile());
  return new Parser().setLanguage(language);
}

function grammarFile(): string {
  const shipped = join(packageRoot(), 'dist', 'grammars', 'tree-sitter-python.wasm');
  if (existsSync(shipped)) return shipped;
  return createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm');
}
