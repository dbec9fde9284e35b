import { NstackError } from '../../core/index.ts';
import { authorCommands } from '../author-commands.ts';
import { keyOf, secretsPrefix } from '../build-secrets.ts';
import { aptPins } from '../debian/apt-pins.ts';
import type { PackageIndex } from '../debian/package-index.ts';
import {
  admitsDebian,
  debianPackages,
  osRequests,
  refuseForeignPackages,
} from '../debian/service-packages.ts';
import { stackWanted, writtenAs } from '../package-diagnostic.ts';
import { readTemplate } from '../read-template.ts';
import { renderTemplate } from '../render-template.ts';
import type { ImageFile, PackageRecipe, ServiceFolder } from '../stack.ts';
import { explainPackageFailure } from './explain-package-failure.ts';
import { asksMaven, type MavenProject, mavenFiles, mavenWanted } from './maven-project.ts';
import type { MavenTools } from './maven-tools.ts';

const rule = {
  binding: { prefix: 'lib', section: 'java' },
  elsewhere: (name: string) => `maven:GROUP:${name}:VERSION`,
};
const takes = {
  language: 'Java',
  systems: ['maven'],
  hint: 'a Java service takes OS packages by their bare name or with apt:, and jars with maven:group:artifact:version',
} as const;

/** The release of Java of a service that names none, and the oldest that the shim runs on. */
const usualVersion = '21';

export interface JavaPackagesOptions {
  readonly workdir: string;
  /** The service's own `files`, which its commands see. */
  readonly files: readonly ImageFile[];
  readonly project: MavenProject;
  readonly maven: MavenTools;
}

/** The packages of a Java service: Debian's JRE, OS packages, jars, and the author's commands, which see the service's `files`. */
export async function javaPackages(
  service: ServiceFolder,
  { workdir, files, project, maven }: JavaPackagesOptions,
): Promise<PackageRecipe> {
  const { manifest } = service;
  refuseForeignPackages(service, takes);
  const template = await readTemplate('java/Dockerfile');
  const commands = await authorCommands(service, { workdir, files });
  const requests = osRequests(service);
  const asked = JSON.stringify({
    version: manifest.stack.version ?? '',
    os: requests.map(writtenAs).sort(),
    project,
    ...commands.asked,
  });
  const secrets = asksMaven(project) ? await secretsPrefix(service, 'maven') : [];
  const tools = JSON.stringify([template, ...(asksMaven(project) ? maven.key : [])]);
  return {
    asked,
    adds:
      manifest.stack.version !== undefined ||
      asksMaven(project) ||
      requests.length + manifest.commands.length > 0,
    key: JSON.stringify({ asked, tools, commands: commands.key, ...keyOf(secrets) }),
    wanted: [
      ...stackWanted(service),
      ...manifest.packages.map(writtenAs),
      ...mavenWanted(project),
      ...commands.wanted,
    ],
    tools,
    shared: { maven: maven.shared },
    // What a pom says is settled: another version is another pom.
    admits: ({ system, name, version }) => system !== 'maven' && admitsDebian(requests, name, version),
    async render(inputs) {
      const { base, index, certificates } = inputs;
      const pins = await aptPins(inputs);
      const { version } = manifest.stack;
      if (version !== undefined) checkVersion(version, await index());
      const dockerfile = renderTemplate(template, {
        base,
        pins: pins.map(({ path }) => path),
        version: version ?? usualVersion,
        osPackages: requests.length === 0 ? [] : debianPackages(service, requests, await index(), rule),
        mavenArguments: asksMaven(project) ? ['runtime', '/out/nstack/java/lib', ...project.packages] : [],
        secrets,
      });
      const fetching = asksMaven(project) ? mavenFiles(project, maven.files, inputs) : [];
      return {
        dockerfile: dockerfile + commands.instructions(certificates),
        files: [...pins, ...fetching, ...commands.files],
      };
    },
    explain: (output) => explainPackageFailure(service, project, output),
  };
}

function checkVersion(wanted: string, index: PackageIndex): void {
  if (Number(wanted) >= Number(usualVersion) && index.find(`openjdk-${wanted}-jre-headless`) !== undefined)
    return;
  const offered = [...index.names]
    .map((name) => /^openjdk-(\d+)-jre-headless$/.exec(name)?.[1])
    .filter((version) => version !== undefined && Number(version) >= Number(usualVersion));
  throw new NstackError('stack-unknown', `stack: Java ${wanted} is not on offer`, {
    hint: `the base image offers: ${offered.length === 0 ? `no Java from ${usualVersion} on` : offered.join(', ')}`,
  });
}
