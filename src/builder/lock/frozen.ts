import { NstackError } from '../../core/index.ts';
import type { ServiceFolder } from '../../stacks/index.ts';
import { askedDifferences, sameAsked } from './lock-plan.ts';
import { lockFile } from './read-lock.ts';
import type { MadeBy, ServiceLock } from './service-lock.ts';

/** What a build with --frozen compares a lock with. */
export interface FrozenBuild {
  readonly wanted: readonly string[];
  readonly platform: string;
  readonly madeBy: MadeBy;
}

/** The lock, where a build would install just what it says and change nothing of it. Fails with `lock-differs`, with all that differs. */
export function frozenLock(
  folder: ServiceFolder,
  lock: ServiceLock | undefined,
  build: FrozenBuild,
): ServiceLock {
  const file = lockFile(folder);
  if (lock === undefined)
    throw new NstackError('lock-differs', `there is no ${file}, and --frozen writes none`, {
      hint: 'run `nstack build` without --frozen, and commit the lock that it writes',
    });
  const differences = [
    ...(sameAsked(lock, build.wanted) ? [] : askedDifferences(lock, build.wanted)),
    ...(lock.platform === build.platform
      ? []
      : [`the lock is of ${lock.platform}, and this engine is ${build.platform}`]),
    ...toolDifferences(lock.madeBy, build.madeBy),
  ];
  if (differences.length === 0) return lock;
  throw new NstackError('lock-differs', `${file} does not fit: ${differences.join('; ')}`, {
    hint: 'run `nstack build` without --frozen, see what it changes in the lock, and commit that',
  });
}

/** Fails with `lock-differs` where a lock names another image to stand on than the one that is here. */
export function refuseOtherBase(folder: ServiceFolder, lock: ServiceLock, here: string): void {
  if (lock.base.image === here) return;
  const { image, from } = lock.base;
  const wayOut = {
    registry:
      'remove nstack/base:trixie, and the next build pulls it again, or take this one: `nstack upgrade`',
    'debian-packages':
      'a base that was made of Debian packages is of one machine alone: load it here (docker save nstack/base:trixie), or pull the base and run `nstack upgrade`',
    parent: 'pull the version of the parent that the lock names, or take this one: `nstack upgrade`',
  } as const;
  throw new NstackError('lock-differs', `${lockFile(folder)} stands on ${image}, and here is ${here}`, {
    hint: wayOut[from],
  });
}

/** Other templates install other things, whatever the lock says. */
function toolDifferences(locked: MadeBy, here: MadeBy): readonly string[] {
  const parts = (['packages', 'toolchain', 'shim'] as const).filter((part) => locked[part] !== here[part]);
  if (parts.length === 0) return [];
  const versions =
    locked.version === here.version ? '' : ` (nstack ${locked.version}, and this is ${here.version})`;
  return [`nstack's own part is another: ${parts.join(', ')}${versions}`];
}
