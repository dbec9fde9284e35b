import type { PackageRequest } from '../../manifest/index.ts';
import { refuseForeignSteps } from '../build-secrets.ts';
import { packageDiagnostic, packagesUnknown, writtenAs } from '../package-diagnostic.ts';
import type { ServiceFolder } from '../stack.ts';
import type { PackageIndex } from './package-index.ts';
import { type BindingRule, resolveOsPackages } from './resolve-os-packages.ts';

/** Which packages beside Debian's a language takes. */
export interface TakenPackages {
  /** As people write it: `Python`. */
  readonly language: string;
  readonly systems: readonly PackageRequest['system'][];
  /** What the language takes, as a sentence. */
  readonly hint: string;
}

/** How a language finds its packages in Debian. */
export interface DebianRule {
  readonly binding: BindingRule;
  /** Where an unknown bare name may be meant in the language's own registry: `pip:NAME`. */
  elsewhere(name: string): string;
}

/** What a service asks of Debian: bare names, and those with `apt:`. */
export function osRequests({ manifest }: ServiceFolder): readonly PackageRequest[] {
  return manifest.packages.filter(({ system }) => system === 'os' || system === 'apt');
}

/** Whether the requests of a service for Debian's packages admit a version: one that names another does not. */
export function admitsDebian(requests: readonly PackageRequest[], name: string, version: string): boolean {
  return requests.every(({ spec }) => !spec.startsWith(`${name}=`) || spec === `${name}=${version}`);
}

/** Fails with `package-unknown`, at their places, where a service asks for packages of another language. */
export function refuseForeignPackages(service: ServiceFolder, taken: TakenPackages): void {
  refuseForeignSteps(service, taken);
  const systems: ReadonlySet<string> = new Set(['os', 'apt', ...taken.systems]);
  const foreign = service.manifest.packages.filter(({ system }) => !systems.has(system));
  if (foreign.length === 0) return;
  const diagnostics = foreign.map((request) =>
    packageDiagnostic(
      service,
      request,
      `"${writtenAs(request)}" is no package of a ${taken.language} service`,
      taken.hint,
    ),
  );
  throw packagesUnknown(service, diagnostics);
}

/** Debian's names for what a service asks for, each once, in order. Fails with `package-unknown`, with the nearest names. */
export function debianPackages(
  service: ServiceFolder,
  requests: readonly PackageRequest[],
  index: PackageIndex,
  rule: DebianRule,
): readonly string[] {
  const { names, unknown } = resolveOsPackages(requests, index, rule.binding);
  if (unknown.length === 0) return names;
  const diagnostics = unknown.map(({ request, nearest }) => {
    const words = [...nearest, ...(request.system === 'os' ? [rule.elsewhere(request.spec)] : [])];
    return packageDiagnostic(
      service,
      request,
      `Debian has no package "${request.spec}"${request.system === 'os' ? ', and no source package of that name either' : ''}`,
      words.length === 0 ? 'look for it at https://packages.debian.org' : `nearest: ${words.join(', ')}`,
    );
  });
  throw packagesUnknown(service, diagnostics);
}
