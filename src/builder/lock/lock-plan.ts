import { type InstalledPackages, type PackageSystem, packageSystems } from '../../stacks/index.ts';
import type { ServiceLock } from './service-lock.ts';

/** What a build installs, of what there was before. */
export type LockPlan =
  /** Whatever the registries have now. */
  | { readonly kind: 'resolve' }
  /** What the lock says, and nothing else. */
  | { readonly kind: 'exact'; readonly lock: ServiceLock }
  /** What is asked for now, with the lock's versions as far as they go with it. */
  | { readonly kind: 'keep'; readonly packages: InstalledPackages; readonly toolchain: InstalledPackages };

/** Packages to take anew: all, or these by name, each as its system writes it, with or without the system before it: `six`, `pip:six`. */
export type Upgrade = 'all' | readonly string[];

/** What to do about a lock, where a build on this platform is asked for these. */
export function planLock(
  lock: ServiceLock | undefined,
  asked: { readonly wanted: readonly string[]; readonly platform: string },
  upgrade?: Upgrade,
): LockPlan {
  if (lock === undefined || upgrade === 'all') return { kind: 'resolve' };
  if (upgrade === undefined && lock.platform === asked.platform && sameAsked(lock, asked.wanted))
    return { kind: 'exact', lock };
  return {
    kind: 'keep',
    packages: without(lock.packages, upgrade ?? []),
    toolchain: without(lock.toolchain, upgrade ?? []),
  };
}

/** The platform that images are built for: that of the engine, which is on a machine such as this one. */
export function lockPlatform(): string {
  return `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;
}

export function sameAsked({ asked }: ServiceLock, wanted: readonly string[]): boolean {
  return asked.length === wanted.length && asked.every((one, index) => one === wanted[index]);
}

/** What was asked for when the lock was made and is not now, and the other way round, as words for people. */
export function askedDifferences({ asked }: ServiceLock, wanted: readonly string[]): readonly string[] {
  const told = (line: string) => line.replace(/ sha256:.*$/, '');
  const came = wanted.filter((line) => !asked.includes(line)).map(told);
  const went = asked.filter((line) => !wanted.includes(line)).map(told);
  const changed = came.filter((line) => went.includes(line));
  return [
    ...changed.map((line) => `${line} changed`),
    ...came.filter((line) => !changed.includes(line)).map((line) => `${line} came`),
    ...went.filter((line) => !changed.includes(line)).map((line) => `${line} went`),
  ];
}

/** The packages of a lock that a name of {@link Upgrade} means; none where it has no such. */
export function lockedUnder(
  name: string,
  lock: ServiceLock,
): readonly { readonly system: PackageSystem; readonly name: string }[] {
  return packageSystems.flatMap((system) =>
    [...lock.packages[system], ...(lock.toolchain?.[system] ?? [])]
      .filter((one) => means(name, system, one.name))
      .map((one) => ({ system, name: one.name })),
  );
}

/** Whether one part of a lock holds anything that is to be taken anew. */
export function isUpgraded(locked: InstalledPackages | undefined, upgrade: Upgrade): boolean {
  if (upgrade === 'all') return true;
  return packageSystems.some((system) =>
    (locked?.[system] ?? []).some((one) => upgrade.some((name) => means(name, system, one.name))),
  );
}

function without(packages: InstalledPackages | undefined, names: readonly string[]): InstalledPackages {
  const kept = (system: PackageSystem) =>
    (packages?.[system] ?? []).filter((one) => !names.some((name) => means(name, system, one.name)));
  return { apt: kept('apt'), pip: kept('pip'), maven: kept('maven'), hackage: kept('hackage') };
}

function means(name: string, system: PackageSystem, locked: string): boolean {
  const plain = name.startsWith(`${system}:`) ? name.slice(system.length + 1) : name;
  if (system === 'pip') return plain.toLowerCase().replaceAll(/[-_.]+/g, '-') === locked;
  return plain === locked;
}
