import type { ContainerEngine } from '../engine/index.ts';
import type { Recipe, ServiceFolder } from '../stacks/index.ts';
import type { BuildInputs } from './build-inputs.ts';
import type { CachePlace } from './cache/image-place.ts';
import { wholeDigest } from './input-digests.ts';
import { jsonDigest } from './json-digest.ts';
import type { Upgrade } from './lock/lock-plan.ts';
import type { ServiceLock } from './lock/service-lock.ts';
import type { ProgressListener } from './progress.ts';
import type { Later } from './unfinished-reference.ts';

/** What both paths, nothing to do and a real build, know. */
export interface BuildSubject {
  readonly folder: ServiceFolder;
  readonly recipe: Recipe;
  readonly inputs: BuildInputs;
  /** `nstack/clickanalytics:1.2.0` */
  readonly reference: string;
  /** What nstack.lock says; undefined where there is none. */
  readonly lock: ServiceLock | undefined;
}

/** {@link wholeDigest} of the image on this base. */
export function inputsDigest(
  { inputs, lock }: Pick<BuildSubject, 'inputs' | 'lock'>,
  baseId: string,
): string {
  return wholeDigest(inputs.parts, inputs.layers, { baseId, locked: lockedDigest(lock) });
}

/** Digest of what a lock pins; undefined without one. */
export function lockedDigest(lock: ServiceLock | undefined): string | undefined {
  return lock === undefined ? undefined : jsonDigest([lock.packages, lock.toolchain]);
}

/**
 * Proves a built image against its service's declarations; fails with `contract-broken`, `service-failed`, ... What is left to clear up then may go on
 * `later`, while the image is registered; the build waits for it before it ends.
 */
export type ProbeFunction = (
  engine: ContainerEngine,
  image: string,
  folder: ServiceFolder,
  signal: AbortSignal,
  later: Later,
) => Promise<void>;

export interface BuildServiceOptions {
  /** The static check, before anything is built; fails with `contract-broken`. */
  readonly check?: (folder: ServiceFolder) => Promise<void>;
  readonly probe: ProbeFunction;
  readonly onProgress: ProgressListener;
  readonly signal: AbortSignal;
  /** Build though nothing changed: with the packages of the lock, where there is one, else with those that are newest now. Releases stay as they are. */
  readonly force?: boolean;
  /** Compile in a builder of the service that stays for the next time. */
  readonly warm?: boolean;
  /** Say of each layer why it is as it is, though nothing changed. */
  readonly explain?: boolean;
  /** Where images that the build stands on are looked for before they are made, and put afterwards. */
  readonly cachePlaces?: { readonly from: readonly CachePlace[]; readonly to: readonly CachePlace[] };
  /** Install just what the lock says, and write nothing: without a lock that fits the build fails with `lock-differs`. */
  readonly frozen?: boolean;
  /** Packages to take anew, whatever the lock says. */
  readonly upgrade?: Upgrade;
}

/** Whether an image that a build would make just so does not keep it from building. */
export function buildsAnyway({ force, upgrade }: BuildServiceOptions): boolean {
  return force === true || upgrade !== undefined;
}
