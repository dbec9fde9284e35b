import type { ServiceLock } from '../../../../src/builder/lock/service-lock.ts';

/** The lock of a service with a package of Debian's and one of PyPI's. */
export function someLock(changes: Partial<ServiceLock> = {}): ServiceLock {
  return {
    asked: ['libsvm', 'pip:six>=1.10'],
    platform: 'linux/amd64',
    base: { image: `sha256:${'a'.repeat(64)}`, from: 'registry' },
    snapshot: '20261130T062200Z',
    madeBy: { version: '0.1.0', packages: `sha256:${'c'.repeat(64)}` },
    packages: {
      apt: [{ name: 'libsvm3', version: '3.24+ds-6.1', hashes: [] }],
      pip: [{ name: 'six', version: '1.17.0', hashes: [`sha256:${'b'.repeat(64)}`] }],
      maven: [],
      hackage: [],
    },
    toolchain: undefined,
    ...changes,
  };
}
