// Bundles the programs of nstack into dist/, one file each. Packages with native or WebAssembly parts stay outside and load when used.
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const programs = {
  nstack: 'src/cli/main.ts',
  supervisor: 'src/supervisor/supervisor-process.ts',
  'data-path': 'src/supervisor/data-path-process.ts',
  'duckdb-reader': 'src/connectors/file/process.ts',
};

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: Object.fromEntries(Object.entries(programs).filter(([, file]) => existsSync(file))),
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node22.13',
  format: 'esm',
  jsx: 'automatic',
  sourcemap: 'linked',
  legalComments: 'none',
  external: ['@duckdb/*', 'web-tree-sitter', 'cpu-features', 'ssh2', 'react-devtools-core'],
  // CommonJS packages inside an ES module bundle still ask for require and __dirname.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

// The grammar is data that its package would bring a native build for: only the WebAssembly goes along, with its licence.
const grammar = createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm');
mkdirSync('dist/grammars', { recursive: true });
copyFileSync(grammar, 'dist/grammars/tree-sitter-python.wasm');
copyFileSync(grammar.replace(/[^/]*$/, 'LICENSE'), 'dist/grammars/tree-sitter-python.LICENSE');
