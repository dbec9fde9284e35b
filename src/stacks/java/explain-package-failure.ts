import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Diagnostic, NstackError, type Place } from '../../core/index.ts';
import { debianVersionUnknown, unreachableDebian, unreachableHost } from '../debian/explain-apt.ts';
import { packageDiagnostic, packagesUnknown, writtenAs } from '../package-diagnostic.ts';
import type { ServiceFolder } from '../stack.ts';
import { type MavenProject, versionHint } from './maven-project.ts';

/** What apt or Maven meant, from the words they left; undefined where these say nothing that nstack could say better. */
export function explainPackageFailure(
  service: ServiceFolder,
  project: MavenProject,
  output: string,
): NstackError | undefined {
  const unreachable = unreachableDebian(withoutMaven(output)) ?? unreachableRepository(output);
  if (unreachable !== undefined) return unreachableHost(service, unreachable);
  const broken = brokenPom(service, output);
  if (broken !== undefined) return broken;
  const findings = [...debianFindings(output), ...artifactsUnknown(output), ...versionsMissing(output)];
  if (findings.length === 0) return undefined;
  return packagesUnknown(
    service,
    findings.map((finding) => diagnosticOf(service, project, finding)),
  );
}

interface Finding {
  readonly system: 'apt' | 'maven';
  /** A package of Debian's, or `group:artifact`. */
  readonly name: string;
  readonly message: string;
  readonly hint: string;
}

function debianFindings(output: string): readonly Finding[] {
  const found = debianVersionUnknown(output);
  return found === undefined ? [] : [{ ...found, system: 'apt' }];
}

/** Maven's words for artifacts that its repositories do not have, a parent's pom among them. */
function artifactsUnknown(output: string): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const [line, coordinates = '', repository = ''] of output.matchAll(
    /^.*Could not find artifact (\S+) in (\S+ \([^)]*\)).*$/gm,
  )) {
    const [group = '', artifact = '', ...rest] = coordinates.split(':');
    const name = `${group}:${artifact}`;
    const where = repository.startsWith('central (') ? 'Maven Central' : repository;
    const isParent = line.includes('parent POM');
    found.set(name, {
      system: 'maven',
      name,
      message: `${where} has no ${name} ${rest.at(-1) ?? ''}`,
      hint: isParent
        ? "the pom.xml of a service stands alone: write in it what it needs of its parent's"
        : `see what there is at https://central.sonatype.com/artifact/${group}/${artifact}`,
    });
  }
  return [...found.values()];
}

/** Maven's words for a dependency without a version, which nothing manages. */
function versionsMissing(output: string): readonly Finding[] {
  const missing = output.matchAll(
    /'dependencies\.dependency\.version' for ([^:\s]+:[^:\s]+):\S+ is missing/g,
  );
  const names = new Set([...missing].map(([, name = '']) => name));
  return [...names].map((name) => ({
    system: 'maven',
    name,
    message: `no version is given for ${name}, and nothing in pom.xml manages it`,
    hint: versionHint(name),
  }));
}

/** At its entry in nstack.yaml, else in pom.xml; what neither names is needed by what they name. */
function diagnosticOf(service: ServiceFolder, { pom }: MavenProject, finding: Finding): Diagnostic {
  const { system, name, message, hint } = finding;
  const request = service.manifest.packages.find(
    (one) => (one.system === 'maven') === (system === 'maven') && nameOf(one.spec, one.system) === name,
  );
  if (request !== undefined)
    return packageDiagnostic(service, request, `"${writtenAs(request)}": ${message}`, hint);
  const diagnostic: Diagnostic = { code: 'package-unknown', severity: 'error', message, hint };
  const artifact = name.split(':')[1] ?? '';
  const lines = pom.split(/\r?\n/);
  const at = lines.findIndex((line) => artifact !== '' && line.includes(`>${artifact}<`));
  const sourceLine = lines[at];
  if (sourceLine === undefined) return { ...diagnostic, message: `${message}, which another package needs` };
  const column = sourceLine.indexOf(`>${artifact}<`) + 2;
  return { ...diagnostic, sourceLine, place: pomPlace(service, at + 1, column, artifact.length) };
}

/** The words of Maven's reader of poms, or of its model: where the author's pom.xml is no pom. */
function brokenPom(service: ServiceFolder, output: string): NstackError | undefined {
  const [, reason = '', line, column] =
    /XmlPullParserException: (.*?) \(position:.*@(\d+):(\d+)\)/.exec(output) ?? [];
  if (line === undefined) return undefined;
  const place = pomPlace(service, Number(line), Number(column), 1);
  const sourceLine = textLine(join(service.root, 'pom.xml'), place.line);
  return new NstackError('file-unreadable', `pom.xml of ${service.manifest.name} is no pom`, {
    diagnostics: [
      {
        code: 'pom-invalid',
        severity: 'error',
        message: reason,
        place,
        ...(sourceLine === undefined ? {} : { sourceLine }),
      },
    ],
  });
}

function pomPlace({ manifestFile }: ServiceFolder, line: number, column: number, length: number): Place {
  return { file: join(dirname(manifestFile), 'pom.xml'), line, column, length };
}

function textLine(file: string, line: number): string | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)[line - 1];
  } catch {
    return undefined;
  }
}

/** Maven says "Could not resolve" of more than hosts. */
function withoutMaven(output: string): string {
  return output.replaceAll(/^\[[A-Z]+\].*$/gm, '');
}

/** The host of a repository that gave no answer at all. */
function unreachableRepository(output: string): string | undefined {
  return /Could not transfer (?:artifact|metadata) .*transfer failed for https?:\/\/([\w.-]+)(?!.*status)/.exec(
    output,
  )?.[1];
}

function nameOf(spec: string, system: string): string {
  if (system !== 'maven') return spec.split('=')[0] ?? spec;
  return spec.split(':').slice(0, 2).join(':');
}
