import { join } from 'node:path';
import { keyOf, secretsPrefix } from '../build-secrets.ts';
import { fileDigest } from '../file-digest.ts';
import { readTemplate } from '../read-template.ts';
import { renderTemplate } from '../render-template.ts';
import type { ServiceFolder, ToolchainRecipe } from '../stack.ts';
import { templateFiles } from '../template-files.ts';
import { explainPackageFailure } from './explain-package-failure.ts';
import { asksProvided, type MavenProject, mavenFiles, mavenWanted } from './maven-project.ts';
import type { MavenTools } from './maven-tools.ts';

/** Where the toolchain's image holds nstack's part of the compiler, the archive of the compiler's classes, and jars to compile against alone. */
const compilerJar = '/nstack/java/nstack-build.jar';
const compilerArchive = '/nstack/java/compiler.jsa';
const providedFolder = '/nstack/java/provided';

/**
 * The command that compiles, in the toolchain's container: short, so the JVM's thorough compiler does not pay. Without its archive it is slower, and that is no
 * reason for words.
 */
const jvm = [
  '/usr/bin/java',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  `-XX:SharedArchiveFile=${compilerArchive}`,
  '-Xlog:disable',
  '-cp',
  compilerJar,
];
export const compileCommand = [...jvm, 'io.nstack.build.Compile'];
export const warmCommand = [...jvm, 'io.nstack.build.Serve'];

/** The toolchain of a Java service: its packages, with the compiled shim and the compiler. */
export async function javaToolchain(
  service: ServiceFolder,
  templates: string,
  project: MavenProject,
  maven: MavenTools,
): Promise<ToolchainRecipe> {
  const [template, compiler, sources, build, warmUp] = await Promise.all([
    readTemplate('java/Dockerfile.toolchain'),
    readTemplate('java/Dockerfile.compiler'),
    templateFiles(join(templates, 'src/main'), 'shim/src/main'),
    templateFiles(templates, 'shim', (path) => path === 'build.sh'),
    templateFiles(join(templates, 'skeleton'), 'warm-up', (path) => path.endsWith('.java')),
  ]);
  const own = [...sources, ...build, ...warmUp];
  const provided = asksProvided(project);
  const digests = await Promise.all(own.map(fileDigest));
  const tools = JSON.stringify([template, compiler, ...digests, ...(provided ? maven.key : [])]);
  const secrets = provided ? await secretsPrefix(service, 'maven') : [];
  const asked = provided ? JSON.stringify(project) : '';
  return {
    on: 'packages',
    asked,
    adds: true,
    key: JSON.stringify({ asked, tools, ...keyOf(secrets) }),
    wanted: provided ? mavenWanted(project) : [],
    tools,
    shared: {
      compiler: {
        layer: 'runtime',
        render: ({ base }) => ({
          dockerfile: renderTemplate(compiler, { base, archive: compilerArchive, jar: compilerJar }),
          files: own,
        }),
      },
      maven: maven.shared,
    },
    admits: () => false,
    async render(inputs) {
      const dockerfile = renderTemplate(template, {
        base: inputs.base,
        mavenArguments: provided ? ['provided', `/out${providedFolder}`, ...project.packages] : [],
        secrets,
      });
      return { dockerfile, files: provided ? mavenFiles(project, maven.files, inputs) : [] };
    },
    explain: (output) => explainPackageFailure(service, project, output),
  };
}
