import { join } from 'node:path';
import { keyOf, secretsPrefix } from '../build-secrets.ts';
import { fileDigest } from '../file-digest.ts';
import { readTemplate } from '../read-template.ts';
import { renderTemplate } from '../render-template.ts';
import type { ImageFile, ServiceFolder, ToolchainRecipe } from '../stack.ts';
import { templateFiles } from '../template-files.ts';
import { explainPackageFailure } from './explain-package-failure.ts';
import { asksProvided, type MavenProject, mavenFiles, mavenWanted } from './maven-project.ts';

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

/** The toolchain of a Java service: its packages, with the shim compiled for them. */
export async function javaToolchain(
  service: ServiceFolder,
  templates: string,
  project: MavenProject,
  mavenTools: readonly ImageFile[],
): Promise<ToolchainRecipe> {
  const [template, sources, build, warmUp] = await Promise.all([
    readTemplate('java/Dockerfile.toolchain'),
    templateFiles(join(templates, 'src/main'), 'shim/src/main'),
    templateFiles(templates, 'shim', (path) => path === 'build.sh'),
    templateFiles(join(templates, 'skeleton'), 'warm-up', (path) => path.endsWith('.java')),
  ]);
  const own = [...sources, ...build, ...warmUp];
  const provided = asksProvided(project);
  const digests = [...own, ...(provided ? mavenTools : [])].map(fileDigest);
  const tools = JSON.stringify([template, ...(await Promise.all(digests))]);
  const secrets = provided ? await secretsPrefix(service, 'maven') : [];
  const asked = provided ? JSON.stringify(project) : '';
  return {
    on: 'packages',
    asked,
    adds: true,
    key: JSON.stringify({ asked, tools, ...keyOf(secrets) }),
    wanted: provided ? mavenWanted(project) : [],
    tools,
    admits: () => false,
    async render(inputs) {
      const dockerfile = renderTemplate(template, {
        base: inputs.base,
        mavenArguments: provided ? ['provided', `/out${providedFolder}`, ...project.packages] : [],
        secrets,
        archive: compilerArchive,
        compiler: compilerJar,
      });
      const maven = provided ? mavenFiles(project, mavenTools, inputs) : [];
      return { dockerfile, files: [...own, ...maven] };
    },
    explain: (output) => explainPackageFailure(service, project, output),
  };
}
