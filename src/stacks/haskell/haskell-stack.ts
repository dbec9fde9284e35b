import { join } from 'node:path';
import { packageRoot } from '../../core/index.ts';
import { namedFiles } from '../service-files.ts';
import { renderSkeleton } from '../skeleton.ts';
import type { CodeWords, Recipe, ServiceFolder, Stack } from '../stack.ts';
import { compileRecipe } from './compile-recipe.ts';
import { entryOf } from './entry.ts';
import { runningPackages } from './running-packages.ts';

const workdir = '/service';
const program = `${workdir}/service`;

/** Haskell, as Debian's GHC compiles it. */
export function createHaskellStack(): Stack {
  const templates = join(packageRoot(), 'templates/haskell');
  return {
    name: 'haskell',
    words,
    entryOf,
    async readCode(service) {
      const { readHaskellCode } = await import('./read-code.ts');
      return readHaskellCode(service);
    },
    recipe: (service) => recipe(service, templates),
    skeleton: (name) => renderSkeleton(name, join(templates, 'skeleton')),
  };
}

const words: CodeWords = {
  language: 'Haskell',
  nothing: 'Nothing',
  integer: 'Integer',
  double: 'Double',
  hints: 'a type signature',
  vectorised: 'Vectorised',
  source: 'a function of (T -> IO ()), which it gives each item, to IO ()',
  define: (name) => `${name} :: ...`,
  unusableName,
  newCase: (name) => `a constructor ${name} to the data type`,
};

const keywords: ReadonlySet<string> = new Set(
  `case class data default deriving do else foreign if import in infix infixl infixr instance let module newtype of then
  type where _`.split(/\s+/),
);

function unusableName(name: string): string | undefined {
  if (keywords.has(name)) return 'is a keyword of Haskell';
  if (name === 'main') return 'is the name of the program itself';
  return /^\p{Lu}/u.test(name)
    ? 'begins with a capital letter, as only types and constructors do in Haskell'
    : undefined;
}

async function recipe(service: ServiceFolder, templates: string): Promise<Recipe> {
  const [files, compile] = await Promise.all([
    namedFiles(service, workdir),
    compileRecipe(service, templates),
  ]);
  return {
    packages: await runningPackages(service, { workdir, files }),
    compile,
    layers: [{ name: 'files', files: service.manifest.commands.length > 0 ? [] : files }],
    entrypoint: [program],
    env: { LANG: 'C.UTF-8' },
    workdir,
  };
}
