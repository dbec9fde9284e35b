import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLock } from '../../../src/builder/lock/parse-lock.ts';
import { printLock } from '../../../src/builder/lock/print-lock.ts';
import type { ServiceLock } from '../../../src/builder/lock/service-lock.ts';
import { renderDiagnostic } from '../../../src/core/index.ts';
import { noPackages } from '../../../src/stacks/index.ts';
import { someLock } from './support/some-lock.ts';

const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
const named = (name: RegExp, version: RegExp, hashes: fc.Arbitrary<string[]>) =>
  fc
    .uniqueArray(fc.record({ name: fc.stringMatching(name), version: fc.stringMatching(version), hashes }), {
      selector: (one) => one.name,
      maxLength: 5,
    })
    .map((list) => list.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
const packages = fc.record({
  apt: named(/^[a-z0-9][a-z0-9+.-]{0,8}$/, /^[0-9][A-Za-z0-9.+:~-]{0,8}$/, fc.constant([])),
  pip: named(
    /^[a-z0-9]{1,5}(-[a-z0-9]{1,5})?$/,
    /^[0-9]{1,3}(\.[0-9]{1,3}){0,2}(rc1)?$/,
    fc.array(digest, { maxLength: 2 }),
  ),
  maven: named(
    /^[a-z]{1,5}\.[a-z]{1,5}:[a-z]{1,5}$/,
    /^[0-9]{1,2}(\.[0-9]{1,2}){0,2}$/,
    fc.array(digest, { maxLength: 1 }),
  ),
  hackage: named(/^[A-Za-z]{1,6}$/, /^[0-9]{1,2}(\.[0-9]{1,2}){0,3}$/, fc.array(digest, { maxLength: 1 })),
});
const locks: fc.Arbitrary<ServiceLock> = fc.record({
  asked: fc.array(fc.string()),
  platform: fc.constantFrom('linux/amd64', 'linux/arm64'),
  base: fc.record({ image: digest, from: fc.constantFrom('registry', 'debian-packages', 'parent') }),
  snapshot: fc.option(fc.constant('20261130T062200Z'), { nil: undefined }),
  madeBy: fc.record({ version: fc.constant('0.1.0'), packages: digest }),
  packages,
  toolchain: fc.option(packages, { nil: undefined }),
});

function faultsOf(text: string): readonly string[] {
  return parseLock(text, 'nstack.lock').diagnostics.map(
    (one) => renderDiagnostic(one, { color: false }).split('\n')[0] ?? '',
  );
}

describe('nstack.lock', () => {
  it('reads as it was written', () => {
    fc.assert(
      fc.property(locks, (lock) => {
        const { lock: read, diagnostics } = parseLock(printLock(lock), 'nstack.lock');
        expect({ read, diagnostics }).toEqual({ read: lock, diagnostics: [] });
      }),
    );
  });

  it('never fails to be read, whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void parseLock(bytes, 'nstack.lock')),
    );
  });

  it('has a line for each Debian package, and one for each part of what has hashes, in order', () => {
    expect(printLock(someLock())).toMatchInlineSnapshot(`
      "# What nstack build has installed, and what it installs from now on: keep it with nstack.yaml under version control.
      # nstack upgrade takes newer packages; nstack outdated says which there are.
      lock: 1
      asked:
        - libsvm
        - pip:six>=1.10
      platform: linux/amd64
      base:
        image: sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        from: registry
      snapshot: 20261130T062200Z
      nstack:
        version: 0.1.0
        packages: sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
      packages:
        apt:
          libsvm3: 3.24+ds-6.1
        pip:
          six:
            version: 1.17.0
            hashes:
              - sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
      "
    `);
  });

  it('keeps versions that look like numbers', () => {
    const lock = someLock({
      packages: { ...noPackages, apt: [{ name: 'libfoo1', version: '3.10', hashes: [] }] },
    });
    expect(printLock(lock)).toContain('libfoo1: "3.10"');
    expect(parseLock(printLock(lock), 'nstack.lock').lock?.packages.apt).toEqual(lock.packages.apt);
  });

  it('says where something in it is wrong, and what it should be', () => {
    const text = printLock(someLock())
      .replace('3.24+ds-6.1', '3.1')
      .replace('sha256:bbbb', 'sha1:bbbb')
      .replace('platform:', 'plattform:')
      .replace('six:', '"six; rm -rf /":');
    expect(faultsOf(text)).toEqual([
      'nstack.lock:3:1: error: platform must be a platform such as linux/amd64, found nothing',
      'nstack.lock:7:1: error: unknown key "plattform"',
      'nstack.lock:17:14: error: packages.apt.libsvm3 must be a version of a Debian package, found 3.1',
      'nstack.lock:19:5: error: "six; rm -rf /" is not a name of a Python package in lower case',
      expect.stringContaining(
        'nstack.lock:22:11: error: packages.pip.six; rm -rf /.hashes[0] must be a digest',
      ),
    ]);
  });

  it('of another format is refused, with the way out', () => {
    const { diagnostics } = parseLock(printLock(someLock()).replace('lock: 1', 'lock: 2'), 'nstack.lock');
    expect(diagnostics).toMatchObject([
      {
        code: 'lock-format',
        message: 'nstack.lock has the format 2, and this nstack reads 1',
        hint: expect.stringContaining('remove the file'),
      },
    ]);
  });

  it.each([
    ['a name', 'six:', '"six\\nPackage: *":'],
    ['a version', 'version: 1.17.0', 'version: "1.17.0 --index-url http://evil"'],
    ['an option', 'version: 1.17.0', 'version: -r/etc/passwd'],
  ])('takes no %s that its package manager would take for something else', (_, from, to) => {
    expect(parseLock(printLock(someLock()).replace(from, to), 'nstack.lock').lock).toBeUndefined();
  });
});
