import type { Diagnostic } from '../../core/index.ts';
import type { PackageRequest } from '../../manifest/index.ts';
import type { PackageIndex } from '../debian/package-index.ts';
import { resolveOsPackages } from '../debian/resolve-os-packages.ts';
import { debianPackages, osRequests } from '../debian/service-packages.ts';
import { packageDiagnostic } from '../package-diagnostic.ts';
import type { ServiceFolder } from '../stack.ts';
import type { HackageRequest } from './hackage-requests.ts';
import { allows, upstreamVersion } from './versions.ts';

/** Where the packages of a Haskell service go. */
export interface HaskellPackages {
  /** Debian's packages for the running service. */
  readonly running: readonly string[];
  /** Debian's packages for the compiler: Haskell's libraries, and whatever else is there to build with. */
  readonly building: readonly string[];
  /** What Debian does not have, for cabal. */
  readonly hackage: readonly HackageRequest[];
  /** What was taken for what, as lines for people. */
  readonly told: readonly string[];
}

const rule = {
  // Debian's bindings for Haskell all end in -dev, and are looked up here.
  binding: { prefix: 'libghc-', section: 'haskell' },
  elsewhere: (name: string) => `hackage:${name}`,
};

/** Finds a service's packages in Debian. Fails with `package-unknown`, with the nearest names. */
export function resolvePackages(
  service: ServiceFolder,
  hackage: readonly HackageRequest[],
  index: PackageIndex,
): HaskellPackages {
  const bindings = osRequests(service).map((request) => ({ request, found: bindingsFor(request, index) }));
  const bound = bindings.filter(({ found }) => found.length > 0);
  const others = bindings.filter(({ found }) => found.length === 0).map(({ request }) => request);
  const names = [
    ...debianPackages(service, others, index, rule),
    ...resolveOsPackages(
      bound.map(({ request }) => request),
      index,
      rule.binding,
    ).names,
  ];
  const inDebian = hackage.map((request) => ({ request, taken: debianLibrary(request, index) }));
  const libraries = inDebian.flatMap(({ taken }) => (taken === undefined ? [] : [taken.name]));
  return {
    running: unique(names.filter((name) => !isForBuilding(name))),
    building: unique([...names.filter(isForBuilding), ...bound.flatMap(({ found }) => found), ...libraries]),
    hackage: inDebian.flatMap(({ request, taken }) => (taken === undefined ? [request] : [])),
    told: inDebian.map(({ request, taken }) =>
      taken === undefined
        ? `${request.text} comes from Hackage: ${whyNotDebian(request, index)}`
        : `${request.text} is Debian's ${taken.name} ${taken.version}`,
    ),
  };
}

/** Haskell's libraries for a bare name: those that Debian builds from Haskell's package of that name, or as a binding in a source of that name. */
function bindingsFor({ system, spec }: PackageRequest, index: PackageIndex): readonly string[] {
  if (system !== 'os' || index.find(spec) !== undefined) return [];
  const built = [...index.builtFrom(`haskell-${spec}`), ...index.builtFrom(spec)];
  const found = built.filter(({ name, section }) => section === rule.binding.section && isLibrary(name));
  const named = index.find(`libghc-${spec}-dev`);
  return unique([...(named === undefined ? [] : [named.name]), ...found.map(({ name }) => name)]);
}

function isLibrary(name: string): boolean {
  return /^libghc-.*-dev$/.test(name);
}

/** Headers and import libraries say nothing to a program that is compiled. */
function isForBuilding(name: string): boolean {
  return /-dev(?:=|$)/.test(name);
}

function debianLibrary({ name, versions }: HackageRequest, index: PackageIndex) {
  const found = index.find(`libghc-${name.toLowerCase()}-dev`);
  if (found === undefined) return undefined;
  const version = upstreamVersion(found.version);
  return allows(versions, version) === true ? { name: found.name, version } : undefined;
}

function whyNotDebian({ name }: HackageRequest, index: PackageIndex): string {
  const found = index.find(`libghc-${name.toLowerCase()}-dev`);
  return found === undefined
    ? `Debian has no libghc-${name.toLowerCase()}-dev`
    : `Debian's ${found.name} is ${upstreamVersion(found.version)}`;
}

/** A finding about one library, at its place in nstack.yaml where it stands there. */
export function libraryDiagnostic(
  service: ServiceFolder,
  { request, text, file }: HackageRequest,
  message: string,
  hint: string,
): Diagnostic {
  return request === undefined
    ? { code: 'package-unknown', severity: 'error', message: `${file} asks for ${text}: ${message}`, hint }
    : packageDiagnostic(service, request, `"${text}": ${message}`, hint);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
