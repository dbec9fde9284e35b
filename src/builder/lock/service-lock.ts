import type { InstalledPackages } from '../../stacks/index.ts';

export const lockName = 'nstack.lock';

/** Raised when the file's meaning changes; a lock of another format is refused. */
export const lockFormat = 1;

/**
 * How the image that a service stands on came to this machine: pulled, so that its id is the same everywhere; made here of Debian's packages, so
 * that it is this machine's own; or built by nstack as another service.
 */
export type BaseOrigin = 'registry' | 'debian-packages' | 'parent';

export const baseOrigins: readonly BaseOrigin[] = ['registry', 'debian-packages', 'parent'];

/** What a build has installed, as nstack.lock holds it, beside nstack.yaml. */
export interface ServiceLock {
  /** What was asked for, as `PackageRecipe.wanted` says it, in order, each once: another list makes the lock stale. */
  readonly asked: readonly string[];
  /** `linux/amd64`: Debian's versions, wheels and closures of packages differ between architectures. */
  readonly platform: string;
  /** What the service stands on, as `groundDigest` says it. */
  readonly base: { readonly image: string; readonly from: BaseOrigin };
  /** Time of Debian's archive that has all of its packages, as snapshot.debian.org writes it: `20261130T062200Z`. */
  readonly snapshot: string | undefined;
  readonly madeBy: MadeBy;
  readonly packages: InstalledPackages;
  /** What the code is compiled with; undefined where nothing is compiled. */
  readonly toolchain: InstalledPackages | undefined;
}

/** nstack's own part in the outcome. */
export interface MadeBy {
  /** nstack's version. */
  readonly version: string;
  /** `sha256:...` of the templates and scripts that install the packages, and of those that make the toolchain, compiled shim included. */
  readonly packages: string;
  readonly toolchain?: string;
  /** `sha256:...` of the shim's layer, where it is one. */
  readonly shim?: string;
}
