import { posix } from 'node:path';
import type { CompileRecipe, ServiceFolder } from '../stack.ts';
import { readCabalFile } from './cabal-file.ts';
import { haskellEntry } from './entry.ts';
import { explainCompile } from './explain-compile.ts';
import { mainModule } from './main-module.ts';
import { moduleSources } from './module-sources.ts';
import { haskellToolchain } from './toolchain.ts';

const buildFolder = '/build';

/** GHC tells where what it means ends. The linker is the matter of `compile`, which takes the quickest that is there. */
const ours = ['-ferror-spans'];

/** How a Haskell service becomes a program: its modules, and a generated Main that serves the functions of the entry module. */
export async function compileRecipe(service: ServiceFolder, templates: string): Promise<CompileRecipe> {
  const entry = await haskellEntry(service);
  const [sources, main, cabal, toolchain] = await Promise.all([
    moduleSources(service, entry),
    mainModule(service, entry),
    readCabalFile(service),
    haskellToolchain(service, templates),
  ]);
  const options = [...ours, ...(cabal?.options ?? [])].map((option) => `${quoted(option)}\n`).join('');
  return {
    toolchain,
    sources: sources.map(({ path, given }) => ({
      path: posix.join(buildFolder, path),
      content: Buffer.from(given),
      mode: 0o644,
    })),
    generated: [
      { path: posix.join(buildFolder, main.path), content: Buffer.from(main.text), mode: 0o644 },
      { path: `${buildFolder}/main/options`, content: Buffer.from(options), mode: 0o644 },
    ],
    command: ['/nstack/haskell/compile'],
    objects: 'obj',
    // GHC reads and writes by the locale.
    env: { LANG: 'C.UTF-8' },
    explain: (output) => explainCompile(output, sources, main),
  };
}

/** As a file of options for GHC (`@file`) has it, where quotes and backslashes mean what they mean to a shell. */
function quoted(option: string): string {
  return `"${option.replaceAll(/["\\]/g, '\\$&')}"`;
}
