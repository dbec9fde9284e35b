import type { InstalledPackages, PackageSystem } from '../../stacks/index.ts';

/** A package that is in one of two images alone, or in another version. */
export interface PackageChange {
  readonly system: PackageSystem;
  readonly name: string;
  /** Undefined where it is new. */
  readonly before: string | undefined;
  /** Undefined where it is gone. */
  readonly after: string | undefined;
}

/** By system and name. A package that is there in several versions has them all: `1.0, 2.0`. */
export function packageChanges(
  before: InstalledPackages,
  after: InstalledPackages,
): readonly PackageChange[] {
  const systems = [...new Set([...Object.keys(before), ...Object.keys(after)])] as readonly PackageSystem[];
  return systems.toSorted().flatMap((system) => {
    const [was, is] = [versionsOf(before, system), versionsOf(after, system)];
    return [...new Set([...was.keys(), ...is.keys()])]
      .toSorted()
      .filter((name) => was.get(name) !== is.get(name))
      .map((name) => Object.freeze({ system, name, before: was.get(name), after: is.get(name) }));
  });
}

function versionsOf(packages: InstalledPackages, system: PackageSystem): ReadonlyMap<string, string> {
  const versions = Map.groupBy(packages[system] ?? [], ({ name }) => name);
  return new Map(
    [...versions].map(([name, list]) => [
      name,
      list
        .map(({ version }) => version)
        .toSorted()
        .join(', '),
    ]),
  );
}
