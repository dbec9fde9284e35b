import { isDeepStrictEqual } from 'node:util';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Diagnostic } from '../../core/index.ts';
import { type DebianSnapshot, type InstalledPackages, noPackages } from '../../stacks/index.ts';
import type { BaseImage } from '../base/base-image.ts';
import type { BuildServiceOptions, BuildSubject } from '../build-subject.ts';
import { type PackageChange, packageChanges } from '../diff/package-changes.ts';
import { jsonDigest } from '../json-digest.ts';
import type { Ground, PackagesImage, Versions } from '../packages/packages-step.ts';
import { lockBreaches, lockBroken } from './check-installed.ts';
import { groundDigest } from './ground-digest.ts';
import { isUpgraded, type LockPlan, planLock } from './lock-plan.ts';
import { lockFile } from './read-lock.ts';
import type { BaseOrigin, MadeBy, ServiceLock } from './service-lock.ts';
import { reachSnapshot, snapshotMirror, snapshotTime } from './snapshot.ts';
import { wantedOf } from './wanted.ts';
import { writeLock } from './write-lock.ts';

/** The lock's part in one build. */
export interface LockOfBuild {
  /** What is to be installed, in the service's image or in that of what compiles it, on an image. */
  versions(part: 'packages' | 'toolchain', on: BaseImage): Versions;
  /** The lock after the build, written where it says something new, once `ready` says so. */
  settle(result: Installed, ready: () => Promise<void>): Promise<SettledLock>;
}

export interface Installed extends Ground {
  readonly packages: PackagesImage;
  readonly toolchain: PackagesImage | undefined;
  readonly from: BaseOrigin;
}

export interface SettledLock {
  /** As it lies beside nstack.yaml now; undefined where the one that lies there is of another platform. */
  readonly lock: ServiceLock;
  readonly written: boolean;
  /** What came, went or has another version, where there was a lock before. */
  readonly changes: readonly PackageChange[];
  readonly notes: readonly Diagnostic[];
}

/** Decides what a build installs, and what becomes of the lock. */
export function lockOfBuild(
  subject: BuildSubject,
  platform: string,
  options: BuildServiceOptions,
): LockOfBuild {
  const { folder, lock, recipe } = subject;
  const { upgrade, frozen = false, force = false, signal } = options;
  const wanted = wantedOf(recipe);
  const plan = planLock(lock, { wanted, platform }, upgrade);
  const now = new Date();
  const env = process.env;
  const time = snapshotTime(now);
  let reached: Promise<DebianSnapshot | undefined> | undefined;
  const reachNow = () => {
    reached ??= reachSnapshot(time, { env, signal });
    // Whoever settles the lock waits for it; a build that fails before does not.
    reached.catch(() => {});
    return reached;
  };
  return {
    versions(part, on) {
      if (plan.kind !== 'exact') {
        void reachNow();
        const others = upgrade !== undefined && lock !== undefined && !isUpgraded(lock[part], upgrade);
        const own = others ? undefined : upgrade;
        return looseVersions(plan, part, { force, upgrade: own, asOf: now.toISOString() });
      }
      return exactVersions(plan.lock, part, on, { file: lockFile(folder), force, signal });
    },
    async settle(result, ready) {
      const made = {
        madeBy: madeBy(subject),
        base: { image: groundDigest(result.below), from: result.from },
      };
      const next: ServiceLock =
        plan.kind === 'exact'
          ? { ...plan.lock, madeBy: made.madeBy, base: result.from === 'parent' ? made.base : plan.lock.base }
          : {
              asked: wanted,
              platform,
              ...made,
              snapshot: snapshotOf(await reachNow(), lock, result.packages.installed),
              packages: result.packages.installed,
              toolchain: result.toolchain?.installed,
            };
      const isForeign = lock !== undefined && lock.platform !== platform && upgrade === undefined;
      const kept = frozen || isForeign || isDeepStrictEqual(next, lock);
      const written = kept ? false : await writeLock(folder, next, ready);
      return {
        lock: isForeign ? lock : next,
        written,
        changes: lock === undefined || kept ? [] : changesBetween(lock, next),
        notes: [
          ...(isForeign ? [foreignNote(lock, platform, folder)] : []),
          ...baseNotes(next, result, folder),
        ],
      };
    },
  };
}

/** What nstack itself has in the outcome. */
export function madeBy({ recipe, inputs }: BuildSubject): MadeBy {
  const shim = inputs.layers.find(({ name }) => name === 'shim');
  return {
    version: packageJson.version,
    packages: jsonDigest(recipe.packages.tools),
    ...(recipe.compile === undefined ? {} : { toolchain: jsonDigest(recipe.compile.toolchain.tools) }),
    ...(shim === undefined ? {} : { shim: shim.diffId }),
  };
}

function looseVersions(
  plan: Exclude<LockPlan, { kind: 'exact' }>,
  part: 'packages' | 'toolchain',
  {
    force,
    upgrade,
    asOf,
  }: { readonly force: boolean; readonly upgrade: BuildServiceOptions['upgrade']; readonly asOf: string },
): Versions {
  if (plan.kind === 'resolve') return { refresh: force || upgrade !== undefined };
  // pip is asked anew by the mark alone; what apt has installed before would serve again.
  const isOfPip =
    upgrade !== undefined && upgrade !== 'all' && upgrade.every((name) => name.startsWith('pip:'));
  return {
    preferred: plan[part],
    refresh: force || (upgrade !== undefined && !isOfPip),
    ...(upgrade === undefined ? {} : { asOf }),
  };
}

function exactVersions(
  lock: ServiceLock,
  part: 'packages' | 'toolchain',
  on: BaseImage,
  { file, force, signal }: { readonly file: string; readonly force: boolean; readonly signal: AbortSignal },
): Versions {
  const packages = lock[part] ?? noPackages;
  let snapshot: Promise<DebianSnapshot | undefined> | undefined;
  const reach = () => {
    snapshot ??=
      lock.snapshot === undefined
        ? Promise.resolve(undefined)
        : reachSnapshot(lock.snapshot, { env: process.env, signal });
    return snapshot;
  };
  return {
    refresh: force,
    exact: {
      packages,
      snapshot: reach,
      async check(beyond, all) {
        const sameBase = part === 'packages' ? groundDigest(on) === lock.base.image : false;
        const breaches = lockBreaches({ locked: packages, beyond, all, sameBase });
        if (breaches.length > 0) throw lockBroken(file, breaches, archiveText(lock, await reach()));
      },
    },
  };
}

function archiveText({ snapshot }: ServiceLock, reached: DebianSnapshot | undefined): string {
  if (snapshot === undefined) return "the lock names no time of Debian's archive, which keeps older versions";
  const mirror = snapshotMirror(process.env);
  return reached === undefined
    ? `Debian's archive of ${snapshot}, ${mirror}, cannot be reached`
    : `Debian's archive of ${snapshot}, ${mirror}, does not have it either`;
}

/** The archive's time: of now where it can be reached, else the one that the same packages had before. */
function snapshotOf(
  reached: DebianSnapshot | undefined,
  before: ServiceLock | undefined,
  packages: InstalledPackages,
): string | undefined {
  if (reached !== undefined) return reached.time;
  return JSON.stringify(before?.packages.apt) === JSON.stringify(packages.apt) ? before?.snapshot : undefined;
}

function changesBetween(before: ServiceLock, after: ServiceLock): readonly PackageChange[] {
  return [
    ...packageChanges(before.packages, after.packages),
    ...packageChanges(before.toolchain ?? noPackages, after.toolchain ?? noPackages),
  ];
}

function baseNotes(
  lock: ServiceLock,
  { below }: Ground,
  folder: BuildSubject['folder'],
): readonly Diagnostic[] {
  const here = groundDigest(below);
  if (lock.base.image === here) return [];
  return [
    {
      code: 'lock-base',
      severity: 'note',
      message: `${lockFile(folder)} was made on the base ${short(lock.base.image)}, and here is ${short(here)}: the packages are the same, the layers below them are not`,
      hint: 'for the very same layers everywhere, pull the base from a registry and run `nstack upgrade`',
    },
  ];
}

function foreignNote(lock: ServiceLock, platform: string, folder: BuildSubject['folder']): Diagnostic {
  return {
    code: 'lock-platform',
    severity: 'note',
    message: `${lockFile(folder)} is of ${lock.platform}, and this engine is ${platform}: its versions are kept as far as there are such, and it stays as it is`,
  };
}

function short(id: string): string {
  return id.slice(0, 'sha256:'.length + 12);
}
