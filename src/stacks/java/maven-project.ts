import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, NstackError } from '../../core/index.ts';
import { lockedLines } from '../locked-lines.ts';
import { packageDiagnostic, packagesUnknown, writtenAs } from '../package-diagnostic.ts';
import type { ImageFile, PackageInputs, ServiceFolder } from '../stack.ts';

/** What a service asks of Maven. */
export interface MavenProject {
  /** The text of the author's pom.xml; empty where there is none, or where it asks for nothing. */
  readonly pom: string;
  /** The `maven:` entries of `packages`: `group:artifact:version`, each once, in order. */
  readonly packages: readonly string[];
}

export const noProject: MavenProject = { pom: '', packages: [] };

/** Reads what a service asks of Maven. Fails with `package-unknown` where a version is missing, or `file-unreadable`. */
export async function readMavenProject(service: ServiceFolder): Promise<MavenProject> {
  const requests = service.manifest.packages.filter(({ system }) => system === 'maven');
  const text = await readOptional(join(service.root, 'pom.xml'));
  const pom = /<(?:dependency|parent)>/.test(text) ? text : '';
  const unversioned = pom === '' ? requests.filter(({ spec }) => spec.split(':').length < 3) : [];
  if (unversioned.length > 0)
    throw packagesUnknown(
      service,
      unversioned.map((request) =>
        packageDiagnostic(
          service,
          request,
          `"${writtenAs(request)}" names no version`,
          versionHint(request.spec),
        ),
      ),
    );
  return { pom, packages: [...new Set(requests.map(({ spec }) => spec))].sort() };
}

/** Where to look for the versions of `group:artifact`, and how to write one. */
export function versionHint(spec: string): string {
  const [group = '', artifact = ''] = spec.split(':');
  return `write maven:${group}:${artifact}:VERSION; the versions are at https://central.sonatype.com/artifact/${group}/${artifact}`;
}

/** Whether Maven is needed at all. */
export function asksMaven({ pom, packages }: MavenProject): boolean {
  return pom !== '' || packages.length > 0;
}

/** Whether there is something to compile against that is not in the image. A parent in a registry that says so is not seen. */
export function asksProvided({ pom }: MavenProject): boolean {
  const others = pom.replaceAll(dependency, (text) => (nstackGroup.test(text) ? '' : text));
  return /<scope>\s*(?:provided|\$\{)/.test(others);
}

/** One dependency; and whose it is where it is nstack's library for unit tests, which every image has as its shim. */
const dependency = /<dependency>.*?<\/dependency>/gs;
const nstackGroup = /<groupId>\s*io\.nstack\s*<\/groupId>/;

/** What the build stage called `maven` is given: in the context's folder `maven`. */
export function mavenFiles(
  { pom }: MavenProject,
  tools: readonly ImageFile[],
  { certificates, locked, preferred }: Pick<PackageInputs, 'certificates' | 'locked' | 'preferred'>,
): readonly ImageFile[] {
  const made = [
    ['certificates.pem', certificates],
    ...(pom === '' ? [] : [['pom.xml', pom]]),
    ...(locked === undefined ? [] : [['locked', lockedLines(locked.maven)]]),
    ...(preferred === undefined ? [] : [['preferred', lockedLines(preferred.maven)]]),
  ] as const;
  return [
    ...tools,
    ...made.map(([path = '', text = '']) => ({
      path: `maven/${path}`,
      content: Buffer.from(text),
      mode: 0o644,
    })),
  ];
}

/** What a service asks of Maven, a line a matter, for `PackageRecipe.wanted`. */
export function mavenWanted({ pom }: MavenProject): readonly string[] {
  return pom === '' ? [] : [`pom.xml ${digestOf(pom)}`];
}

async function readOptional(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    throw new NstackError('file-unreadable', `${file} cannot be read`, { cause });
  }
}
