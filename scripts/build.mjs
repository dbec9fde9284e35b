// Bundles the programs of nstack into dist/, with what they share, and what they load when it is used, in chunks. Packages with native or WebAssembly parts stay outside.
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const programs = {
  nstack: 'src/cli/main.ts',
  'private-run': 'src/supervisor/private-run-process.ts',
  supervisor: 'src/gateway/supervisor-process.ts',
  'data-path': 'src/supervisor/data-path-process.ts',
  'journal-worker': 'src/supervisor/data-path/journal/journal-worker.ts',
  'duckdb-reader': 'src/connectors/file/process.ts',
};

/**
 * What `nstack` begins with, whatever it does or where there is nothing to build, what it speaks to an engine with, and what it builds with: of each, what the same programs need is one chunk, since a file takes half a
 * millisecond to load. The rest the bundler cuts by who imports it.
 */
const phases = {
  start: [
    'src/cli/run-command-line.ts',
    'src/cli/commands/index.ts',
    'src/manifest/project/is-project.ts',
    'src/builder/known-folder.ts',
  ],
  begin: ['src/builder/begin-build.ts'],
  // Supervisors and data paths load it too, and nothing of the builder.
  engine: ['src/engine/socket-agent.ts', 'node_modules/dockerode/lib/docker.js'],
  build: ['src/cli/build-here.ts', 'src/builder/build-image.ts'],
};

/** Names a module's chunk; null where it is the bundler's to cut. */
function createChunkNames() {
  let closures;
  return (id, graph) => {
    const closuresOf = (named) =>
      Object.entries(named).map(([name, entries]) => [name, closure([entries].flat(), graph)]);
    closures ??= { phases: closuresOf(phases), programs: closuresOf(programs) };
    const [phase] = closures.phases.find(([, modules]) => modules.has(id)) ?? [];
    if (phase === undefined) return null;
    const sharers = closures.programs.filter(([name, modules]) => name !== 'nstack' && modules.has(id));
    return [phase, ...sharers.map(([name]) => name)].join('-');
  };
}

/** All that these modules import, but for what they load when it is used. */
function closure(entries, graph) {
  const found = new Set();
  const add = (module) => {
    if (found.has(module)) return;
    found.add(module);
    for (const imported of graph.getModuleInfo(module)?.importedIds ?? []) add(imported);
  };
  for (const entry of entries) add(resolve(entry));
  return found;
}

/**
 * Node makes an ES module of each of its own that is imported, and asks for everything it exports, which loads half of node:crypto for nothing: what comes of them is taken without.
 */
const ownModules = {
  name: 'own-modules',
  renderChunk(code) {
    const imports = this.parse(code).body.filter(
      ({ type, source }) => type === 'ImportDeclaration' && source.value.startsWith('node:'),
    );
    return imports.reduceRight(
      (text, { start, end, specifiers, source }) =>
        `${text.slice(0, start)}${takenFrom(source.value, specifiers)}${text.slice(end)}`,
      code,
    );
  },
};

function takenFrom(name, specifiers) {
  const whole = specifiers.filter(({ type }) => type !== 'ImportSpecifier').map(({ local }) => local.name);
  const parts = specifiers
    .filter(({ type }) => type === 'ImportSpecifier')
    .map(({ imported, local }) => `${imported.name}:${local.name}`);
  const patterns = [...whole, ...(parts.length > 0 ? [`{${parts.join()}}`] : [])];
  const module = `process.getBuiltinModule(${JSON.stringify(name)})`;
  return patterns.map((pattern) => `const ${pattern}=${module};`).join('');
}

const stand = (name) => resolve('scripts', name);
const bundle = await rolldown({
  input: programs,
  platform: 'node',
  // Whoever starts a program imports nothing of it.
  preserveEntrySignatures: 'allow-extension',
  transform: { target: 'node22.13', define: { 'process.env.NODE_ENV': '"production"' } },
  plugins: [ownModules],
  external: [/^@duckdb\//, 'web-tree-sitter', 'cpu-features'],
  resolve: {
    alias: {
      'node:http': stand('plain-http.mjs'),
      // Ink asks for the developer tools of React only where DEV=true is set.
      'react-devtools-core': stand('nothing.mjs'),
      // dockerode loads these at its start; gRPC (80 ms) serves BuildKit sessions, which nstack has none of.
      ssh2: stand('lazy-ssh2.cjs'),
      '@grpc/grpc-js': stand('nothing.mjs'),
      '@grpc/proto-loader': stand('nothing.mjs'),
      protobufjs: stand('nothing.mjs'),
    },
  },
  // That something is imported in both ways is as it should be: what has it already need not wait.
  checks: { ineffectiveDynamicImport: false },
});
const { output } = await bundle.generate({
  format: 'esm',
  entryFileNames: '[name].mjs',
  chunkFileNames: 'chunks/[name]-[hash].mjs',
  // Names stay, so that traces of stacks can be read.
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  comments: { legal: false },
  codeSplitting: {
    groups: [{ name: createChunkNames(), debugName: 'phases', includeDependenciesRecursively: false }],
  },
});
await bundle.close();
const files = output.map(({ fileName, type, ...one }) => ({
  fileName,
  contents: type === 'chunk' ? one.code : one.source,
}));
// Built aside and renamed file by file, so that a program that starts meanwhile finds a whole one.
const aside = `dist/.building-${process.pid}`;
mkdirSync(join(aside, 'chunks'), { recursive: true });
mkdirSync('dist/chunks', { recursive: true });
// Chunks first: a program that starts meanwhile finds those that it names.
const isChunk = ({ fileName }) => fileName.startsWith('chunks/');
for (const { fileName, contents } of [...files.filter(isChunk), ...files.filter((file) => !isChunk(file))]) {
  writeFileSync(join(aside, fileName), contents);
  renameSync(join(aside, fileName), join('dist', fileName));
}
rmSync(aside, { recursive: true, force: true });

// A program of the build before this one may still run, and load a chunk of its own later.
const aDayAgo = Date.now() - 24 * 3_600_000;
const current = new Set(files.filter(isChunk).map(({ fileName }) => basename(fileName)));
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
