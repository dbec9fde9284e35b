// Bundles the programs of nstack into dist/, with what they share, and what they load when it is used, in chunks. Packages with native or WebAssembly parts stay outside.
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const programs = {
  nstack: 'src/cli/main.ts',
  'private-run': 'src/supervisor/private-run-process.ts',
  supervisor: 'src/gateway/supervisor-process.ts',
  'data-path': 'src/supervisor/data-path-process.ts',
  'journal-worker': 'src/supervisor/data-path/journal/journal-worker.ts',
  'duckdb-reader': 'src/connectors/file/process.ts',
};

// Built aside and renamed file by file, so that a program that starts meanwhile finds a whole one.
const aside = `dist/.building-${process.pid}`;
const { outputFiles } = await build({
  entryPoints: programs,
  outdir: aside,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  // Without it esbuild would lift what is imported when it is used to the top of each program.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  write: false,
  platform: 'node',
  target: 'node22.13',
  format: 'esm',
  jsx: 'automatic',
  minifySyntax: true,
  minifyWhitespace: true,
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  external: ['@duckdb/*', 'web-tree-sitter', 'cpu-features'],
  alias: {
    'node:http': './scripts/plain-http.mjs',
    // Ink asks for the developer tools of React only where DEV=true is set.
    'react-devtools-core': './scripts/nothing.mjs',
    // dockerode loads these at its start; gRPC (80 ms) serves BuildKit sessions, which nstack has none of.
    ssh2: './scripts/lazy-ssh2.cjs',
    '@grpc/grpc-js': './scripts/nothing.mjs',
    '@grpc/proto-loader': './scripts/nothing.mjs',
    protobufjs: './scripts/nothing.mjs',
  },
  // CommonJS packages inside an ES module bundle still ask for require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
mkdirSync(join(aside, 'chunks'), { recursive: true });
mkdirSync('dist/chunks', { recursive: true });
// Chunks first: a program that starts meanwhile finds those that it names.
const isChunk = ({ path }) => path.includes('/chunks/');
for (const { path, contents } of [
  ...outputFiles.filter(isChunk),
  ...outputFiles.filter((file) => !isChunk(file)),
]) {
  writeFileSync(path, contents);
  renameSync(path, path.replace(aside, 'dist'));
}
rmSync(aside, { recursive: true, force: true });

// A program of the build before this one may still run, and load a chunk of its own later.
const aDayAgo = Date.now() - 24 * 3_600_000;
const current = new Set(outputFiles.filter(isChunk).map(({ path }) => basename(path)));
for (const name of readdirSync('dist/chunks')) {
  const path = join('dist/chunks', name);
  if (!current.has(name) && statSync(path).mtimeMs < aDayAgo) rmSync(path);
}

// Grammars are data that their packages would bring native builds for: only the WebAssembly goes along, with its licence.
mkdirSync('dist/grammars', { recursive: true });
for (const name of ['tree-sitter-python', 'tree-sitter-java', 'tree-sitter-haskell']) {
  const grammar = createRequire(import.meta.url).resolve(`${name}/${name}.wasm`);
  copyFileSync(grammar, `dist/grammars/${name}.wasm`);
  copyFileSync(grammar.replace(/[^/]*$/, 'LICENSE'), `dist/grammars/${name}.LICENSE`);
}
