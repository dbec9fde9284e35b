import { describe, expect, it } from 'vitest';
import { lockBreaches, lockBroken } from '../../../src/builder/lock/check-installed.ts';
import { frozenLock, refuseOtherBase } from '../../../src/builder/lock/frozen.ts';
import { isUpgraded, lockedUnder, planLock } from '../../../src/builder/lock/lock-plan.ts';
import { noPackages } from '../../../src/stacks/index.ts';
import { serviceFolder } from '../../stacks/support/service-folder.ts';
import { someLock } from './support/some-lock.ts';

const lock = someLock();
const asked = { wanted: lock.asked, platform: lock.platform };

describe('a build with a lock', () => {
  it('installs just what it says where the same is asked for', () => {
    expect(planLock(lock, asked)).toEqual({ kind: 'exact', lock });
  });

  it('keeps its versions where something else is asked for, or where the engine is another one', () => {
    const kept = { kind: 'keep', packages: lock.packages, toolchain: noPackages };
    expect(planLock(lock, { ...asked, wanted: [...lock.asked, 'pip:idna'] })).toEqual(kept);
    expect(planLock(lock, { ...asked, platform: 'linux/arm64' })).toEqual(kept);
  });

  it('takes anew what is upgraded, by whatever way its name is written', () => {
    for (const name of ['six', 'pip:six', 'Six'])
      expect(planLock(lock, asked, [name])).toEqual({
        kind: 'keep',
        packages: { ...lock.packages, pip: [] },
        toolchain: noPackages,
      });
    expect(planLock(lock, asked, 'all')).toEqual({ kind: 'resolve' });
    expect(isUpgraded(lock.packages, ['pip:six'])).toBe(true);
    expect(isUpgraded(lock.packages, 'all')).toBe(true);
    expect(isUpgraded(lock.packages, ['seven'])).toBe(false);
    expect(isUpgraded(undefined, ['six'])).toBe(false);
    expect(lockedUnder('six', lock)).toEqual([{ system: 'pip', name: 'six' }]);
    expect(lockedUnder('seven', lock)).toEqual([]);
  });
});

describe('a frozen build', () => {
  const build = { ...asked, madeBy: lock.madeBy };

  it('takes a lock that fits', async () => {
    expect(frozenLock(await serviceFolder({}), lock, build)).toBe(lock);
  });

  it('says what there is no lock for, and what does not fit, and how to mend it', async () => {
    const folder = await serviceFolder({});
    expect(() => frozenLock(folder, undefined, build)).toThrow(
      /there is no .*nstack\.lock, and --frozen writes none/,
    );
    const others = {
      wanted: ['libsvm', 'pip:idna', 'requirements.txt sha256:1'],
      platform: 'linux/arm64',
      madeBy: { ...lock.madeBy, version: '0.2.0', packages: 'sha256:1' },
    };
    expect(() =>
      frozenLock(
        folder,
        someLock({ asked: ['libsvm', 'pip:six>=1.10', 'requirements.txt sha256:2'] }),
        others,
      ),
    ).toThrow(
      "does not fit: requirements.txt changed; pip:idna came; pip:six>=1.10 went; the lock is of linux/amd64, and this engine is linux/arm64; nstack's own part is another: packages (nstack 0.1.0, and this is 0.2.0)",
    );
  });

  it('stands on the base that the lock names alone', async () => {
    const folder = await serviceFolder({});
    refuseOtherBase(folder, lock, lock.base.image);
    expect(() => refuseOtherBase(folder, lock, 'sha256:b')).toThrow(
      `stands on ${lock.base.image}, and here is sha256:b`,
    );
  });
});

describe('what was installed, compared with the lock', () => {
  const check = { locked: lock.packages, beyond: lock.packages, all: lock.packages, sameBase: true };
  const apt = (version: string) => [{ name: 'libsvm3', version, hashes: [] }];

  it('is found to be the same, also where the base has some of it already', () => {
    expect(lockBreaches(check)).toEqual([]);
    expect(lockBreaches({ ...check, beyond: { ...lock.packages, apt: [] } })).toEqual([]);
  });

  it('is refused with package, version and file, and the way out', () => {
    const all = {
      ...lock.packages,
      apt: apt('3.25-1'),
      pip: [{ name: 'six', version: '1.17.0', hashes: [`sha256:${'d'.repeat(64)}`] }],
      maven: [{ name: 'a:b', version: '1', hashes: [] }],
    };
    const breaches = lockBreaches({ ...check, beyond: all, all });
    const error = lockBroken('nstack.lock', breaches, 'the archive cannot be reached');
    expect(error.message).toBe(
      'what nstack.lock says cannot be installed: apt:libsvm3 3.24+ds-6.1 is locked, and 3.25-1 was found; pip:six 1.17.0 is another file than the one that is locked; maven:a:b 1 comes with it, and is not in the lock; the archive cannot be reached',
    );
    expect(error).toMatchObject({
      code: 'lock-differs',
      exitCode: 2,
      hint: expect.stringContaining('nstack upgrade'),
    });
  });

  it('may have more on another base than the one that the lock was made on', () => {
    const beyond = {
      ...lock.packages,
      apt: [...apt('3.24+ds-6.1'), { name: 'zlib1g', version: '1', hashes: [] }],
    };
    expect(lockBreaches({ ...check, beyond, all: beyond })).toHaveLength(1);
    expect(lockBreaches({ ...check, beyond, all: beyond, sameBase: false })).toEqual([]);
  });
});
