import { labels } from '../../registry/index.ts';
import {
  type InstalledPackage,
  type InstalledPackages,
  noPackages,
  type PackageSystem,
  packageSystems,
} from '../../stacks/index.ts';
import { readDebianStatus } from './debian-status.ts';

/** Packages by name, with their versions, as dpkg's status file has them: those that are installed whole. */
export type DebianStatus = ReadonlyMap<string, string>;

export function parseDebianStatus(text: string): DebianStatus {
  return new Map(readDebianStatus(text).map(({ name, version }) => [name, version]));
}

/** The system whose packages a file `packages/SYSTEM.json` lists. */
export function systemOfFile(path: string): PackageSystem | undefined {
  return packageSystems.find((system) => path.endsWith(`packages/${system}.json`));
}

/** What one step of a build has installed, as it says itself. */
export interface Told {
  /** dpkg's status before and after it; undefined where it has not touched it. */
  readonly debian: { readonly below: DebianStatus; readonly now: DebianStatus } | undefined;
  /** Texts of `/.nstack/packages/SYSTEM.json`. */
  readonly others: ReadonlyMap<PackageSystem, string>;
}

/** The packages of an image, of those that the image below has, and of what was installed on it. */
export function packagesAfter(below: InstalledPackages, { debian, others }: Told): InstalledPackages {
  const own = (system: PackageSystem): readonly InstalledPackage[] => JSON.parse(others.get(system) ?? '[]');
  return {
    apt: debian === undefined ? below.apt : debianPackages(below.apt, debian),
    pip: united(below.pip, own('pip')),
    maven: united(below.maven, own('maven')),
    hackage: united(below.hackage, own('hackage')),
  };
}

function debianPackages(
  known: readonly InstalledPackage[],
  { below, now }: NonNullable<Told['debian']>,
): readonly InstalledPackage[] {
  const names = new Set(known.map(({ name }) => name));
  return [...now]
    .filter(([name, version]) => names.has(name) || below.get(name) !== version)
    .map(([name, version]) => ({ name, version, hashes: [] }))
    .toSorted(byName);
}

function united(
  below: readonly InstalledPackage[],
  own: readonly InstalledPackage[],
): readonly InstalledPackage[] {
  return [...new Map([...below, ...own].map((one) => [one.name, one])).values()].toSorted(byName);
}

/** The packages that an image has and the one below it has not, or not at that version. */
export function packagesBeyond(below: InstalledPackages, image: InstalledPackages): InstalledPackages {
  const beyond = (system: PackageSystem) => {
    const known = new Map(below[system].map(({ name, version }) => [name, version]));
    return image[system].filter(({ name, version }) => known.get(name) !== version);
  };
  return { apt: beyond('apt'), pip: beyond('pip'), maven: beyond('maven'), hackage: beyond('hackage') };
}

/** What an image says that it has beyond its base. */
export function packagesOf(image: { readonly labels: Readonly<Record<string, string>> }): InstalledPackages {
  const text = image.labels[labels.packages];
  return text === undefined ? noPackages : { ...noPackages, ...JSON.parse(text) };
}

export function packagesLabel(packages: InstalledPackages): Readonly<Record<string, string>> {
  return { [labels.packages]: JSON.stringify(packages) };
}

function byName(a: InstalledPackage, b: InstalledPackage): number {
  return a.name < b.name ? -1 : 1;
}
