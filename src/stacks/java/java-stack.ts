import { join } from 'node:path';
import { packageRoot } from '../../core/index.ts';
import { namedFiles } from '../service-files.ts';
import { renderSkeleton } from '../skeleton.ts';
import type { CodeWords, CompileRecipe, Recipe, ServiceFolder, Stack } from '../stack.ts';
import { entryOf, javaEntry } from './entry.ts';
import { explainCompiler } from './explain-compiler.ts';
import { javaPackages } from './java-packages.ts';
import { entryInSources, javaSources } from './java-sources.ts';
import { compileCommand, javaToolchain, warmCommand } from './java-toolchain.ts';
import { readMavenProject } from './maven-project.ts';
import { readMavenTools } from './maven-tools.ts';
import { keywords } from './read-code/keywords.ts';

const workdir = '/service';

/** Java, compiled when it is built and run by Debian's OpenJDK. */
export function createJavaStack(): Stack {
  const templates = join(packageRoot(), 'templates/java');
  return {
    name: 'java',
    words,
    entryOf,
    async readCode(service) {
      const { readJavaCode } = await import('./read-code.ts');
      return readJavaCode(service);
    },
    recipe: (service) => recipe(service, templates),
    skeleton: (name) => renderSkeleton(name, join(templates, 'skeleton')),
  };
}

const words: CodeWords = {
  language: 'Java',
  nothing: 'null',
  integer: 'long',
  double: 'double',
  hints: 'types',
  vectorised: '@Vectorised',
  source: 'return Iterator<...> or Stream<...>',
  unusableName: (name) => (keywords.has(name) ? 'is a keyword of Java' : undefined),
  define: (name) => `public ... ${name}(...)`,
  newCase: (name) => `a record ${name} to the sealed interface`,
};

async function recipe(service: ServiceFolder, templates: string): Promise<Recipe> {
  const [files, project, maven] = await Promise.all([
    namedFiles(service, workdir),
    readMavenProject(service),
    readMavenTools(templates),
  ]);
  const packages = await javaPackages(service, { workdir, files, project, maven });
  const toolchain = await javaToolchain(service, templates, project, maven);
  return {
    packages,
    compile: { toolchain, ...(await compilation(service)) },
    layers: [{ name: 'files', files: service.manifest.commands.length > 0 ? [] : files }],
    // The shim speaks the protocol over 3 and 4, so that nothing that code, or a library in C, prints can come between.
    entrypoint: ['/bin/sh', '-c', 'exec /usr/bin/java @/nstack/java/options 3<&0 4>&1 </dev/null 1>&2'],
    // Names of files are UTF-8, which the JVM takes from here alone.
    env: { LC_ALL: 'C.UTF-8' },
    workdir,
  };
}

async function compilation(service: ServiceFolder): Promise<Omit<CompileRecipe, 'toolchain'>> {
  const entry = await javaEntry(service);
  return {
    sources: await javaSources(service, entry),
    generated: [],
    command: compileCommand,
    warmCommand,
    env: {
      LC_ALL: 'C.UTF-8',
      NSTACK_ENTRY: entryInSources(entry),
      NSTACK_SOURCE_ROOT: entry.sourceRoot,
    },
    explain: (output) => explainCompiler(service, output),
  };
}
