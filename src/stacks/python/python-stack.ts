import { join } from 'node:path';
import { packageRoot } from '../../core/index.ts';
import { codeFile, namedFiles } from '../service-files.ts';
import { renderSkeleton } from '../skeleton.ts';
import type { CodeWords, Recipe, ServiceFolder, Stack } from '../stack.ts';
import { templateFiles } from '../template-files.ts';
import { entryOf } from './entry.ts';
import { pythonPackages } from './python-packages.ts';

const workdir = '/service';
const shimFolder = '/nstack/python';

/** Python, as Debian's python3 runs it. */
export function createPythonStack(): Stack {
  const templates = join(packageRoot(), 'templates/python');
  return {
    name: 'python',
    words,
    entryOf: async (service) => entryOf(service),
    async readCode(service) {
      const { readPythonCode } = await import('./read-code.ts');
      return readPythonCode(service);
    },
    recipe: (service) => recipe(service, templates),
    skeleton: (name) => renderSkeleton(name, join(templates, 'skeleton')),
  };
}

/** Of Python 3.13: The Python Language Reference, 2.3.1. */
const keywords: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global ' +
    'if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

const words: CodeWords = {
  language: 'Python',
  nothing: 'None',
  integer: 'int',
  double: 'float',
  hints: 'type hints',
  vectorised: '@nstack.vectorised',
  source: 'a generator, which yields each item',
  unusableName: (name) => (keywords.has(name) ? 'is a keyword of Python' : undefined),
  define: (name, inClass) => `def ${name}(${inClass ? 'self, ' : ''}...)`,
  newCase: (name) => `a class ${name} to the union`,
};

async function recipe(service: ServiceFolder, templates: string): Promise<Recipe> {
  const codePath = entryOf(service);
  const [shim, named, code] = await Promise.all([
    // Without what Python and its tools leave beside the source.
    templateFiles(join(templates, 'nstack'), `${shimFolder}/nstack`, (path) =>
      /(\.py|py\.typed)$/.test(path),
    ),
    namedFiles(service, workdir),
    codeFile(service, codePath, workdir),
  ]);
  const files = named.filter(({ path }) => path !== code.path);
  const packages = await pythonPackages(service, { templates, workdir, files });
  return {
    packages,
    layers: [
      { name: 'shim', files: shim },
      { name: 'files', files: service.manifest.commands.length > 0 ? [] : files },
      { name: 'code', files: [code] },
    ],
    entrypoint: ['/usr/bin/python3', '-m', 'nstack'],
    env: {
      PYTHONPATH: `${shimFolder}:${workdir}`,
      PYTHONDONTWRITEBYTECODE: '1',
      NSTACK_ENTRY: code.path,
    },
    workdir,
  };
}
