import { NstackError } from '../../core/index.ts';
import {
  type InstalledPackage,
  type InstalledPackages,
  type PackageSystem,
  packageSystems,
} from '../../stacks/index.ts';

export interface InstalledCheck {
  readonly locked: InstalledPackages;
  /** What was installed beyond the image below. */
  readonly beyond: InstalledPackages;
  /** That, and what the image below has already. */
  readonly all: InstalledPackages;
  /** Whether the image below is the one that the lock was made on: on another one some packages more may be needed. */
  readonly sameBase: boolean;
}

/** A package that departs from the lock. */
export interface LockBreach {
  readonly system: PackageSystem;
  readonly name: string;
  readonly locked: InstalledPackage | undefined;
  readonly found: InstalledPackage | undefined;
}

/** Where what was installed departs from a lock; none where it does not. Files are compared where both sides know them. */
export function lockBreaches({ locked, beyond, all, sameBase }: InstalledCheck): readonly LockBreach[] {
  return packageSystems.flatMap((system) => {
    const here = new Map(all[system].map((one) => [one.name, one]));
    const known = new Set(locked[system].map(({ name }) => name));
    const others = locked[system]
      .map((one) => ({ system, name: one.name, locked: one, found: here.get(one.name) }))
      .filter((pair) => pair.found === undefined || isOther(pair.locked, pair.found));
    const added = beyond[system].filter(({ name }) => sameBase && !known.has(name));
    return [...others, ...added.map((found) => ({ system, name: found.name, locked: undefined, found }))];
  });
}

/** The error of a build that got something else than what is locked. */
export function lockBroken(file: string, breaches: readonly LockBreach[], archive: string): NstackError {
  const most = 8;
  const told = breaches.slice(0, most).map(breachText);
  const rest = breaches.length > most ? [`and ${breaches.length - most} more`] : [];
  const isOld = breaches.some(({ system, locked }) => system === 'apt' && locked !== undefined);
  return new NstackError(
    'lock-differs',
    `what ${file} says cannot be installed: ${[...told, ...rest, ...(isOld ? [archive] : [])].join('; ')}`,
    { hint: 'take what there is now with `nstack upgrade`, which says what changes' },
  );
}

function isOther(locked: InstalledPackage, found: InstalledPackage): boolean {
  if (locked.version !== found.version) return true;
  const [left, right] = [locked.hashes, found.hashes];
  return left.length > 0 && right.length > 0 && !left.some((hash) => right.includes(hash));
}

function breachText({ system, name, locked, found }: LockBreach): string {
  const what = `${system}:${name}`;
  if (locked === undefined) return `${what} ${found?.version} comes with it, and is not in the lock`;
  if (found === undefined) return `${what} ${locked.version} is locked, and was not installed`;
  return locked.version === found.version
    ? `${what} ${found.version} is another file than the one that is locked`
    : `${what} ${locked.version} is locked, and ${found.version} was found`;
}
