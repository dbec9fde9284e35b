import type { InstalledPackages, PackageSystem } from './stack.ts';

/** In the order in which they are told. */
export const packageSystems: readonly PackageSystem[] = ['apt', 'pip', 'maven', 'hackage'];

export const noPackages: InstalledPackages = { apt: [], pip: [], maven: [], hackage: [] };

/** A package that came (no `before`), went (no `after`), or has another version, or other files at the same one. */
export interface PackageChange {
  readonly system: PackageSystem;
  readonly name: string;
  /** A version. */
  readonly before?: string;
  readonly after?: string;
}

/** What differs between two sets of packages, in order of system and name. Files are compared where both sides state them. */
export function packageChanges(
  before: InstalledPackages,
  after: InstalledPackages,
): readonly PackageChange[] {
  return packageSystems.flatMap((system) => {
    const [old, now] = [before[system], after[system]].map(
      (list) => new Map(list.map((one) => [one.name, one])),
    );
    const names = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].sort();
    return names.flatMap((name) => {
      const [left, right] = [old?.get(name), now?.get(name)];
      if (
        left !== undefined &&
        right !== undefined &&
        left.version === right.version &&
        !otherFiles(left.hashes, right.hashes)
      )
        return [];
      return [
        {
          system,
          name,
          ...(left === undefined ? {} : { before: left.version }),
          ...(right === undefined ? {} : { after: right.version }),
        },
      ];
    });
  });
}

/** A version may have several files, of which either side may know some. */
function otherFiles(left: readonly string[], right: readonly string[]): boolean {
  return left.length > 0 && right.length > 0 && !left.some((hash) => right.includes(hash));
}
