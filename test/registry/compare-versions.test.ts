import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions, isVersion } from '../../src/registry/index.ts';

test('versions stand in the order of Semantic Versioning, a snapshot before its release', () => {
  const inOrder = [
    '0.0.1-SNAPSHOT',
    '0.0.1',
    '0.0.2',
    '0.1.0',
    '1.0.0-1',
    '1.0.0-2',
    '1.0.0-10',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.2.0-SNAPSHOT',
    '1.2.0',
    '1.10.0',
    '10.0.0',
    '99999999999999999999.0.0',
    '100000000000000000000.0.0',
  ];
  expect(inOrder.toReversed().sort(compareVersions)).toEqual(inOrder);
});

test('what comes after a plus does not matter', () => {
  expect(compareVersions('1.0.0+linux', '1.0.0+windows')).toBe(0);
});

test.each(['', '1', '1.2', '1.2.3.4', '01.2.3', '1.2.3-', '1.2.3-a..b', 'v1.2.3', '1.2.3\n', '-1.2.3'])(
  '%j is no version and stands before all',
  (text) => {
    expect(isVersion(text)).toBe(false);
    expect(compareVersions(text, '0.0.0-0')).toBeLessThan(0);
    expect(compareVersions(text, text)).toBe(0);
  },
);

test('it is an order: of two versions one is first, and first of first is first', () => {
  const part = fc.oneof(fc.nat(20).map(String), fc.constantFrom('SNAPSHOT', 'alpha', 'rc-1', 'A'));
  const version = fc
    .tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.array(part, { maxLength: 3 }))
    .map(([a, b, c, labels]) => `${a}.${b}.${c}${labels.length === 0 ? '' : `-${labels.join('.')}`}`);
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(isVersion(a)).toBe(true);
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) || 0);
      expect(compareVersions(a, b) === 0).toBe(a === b);
      if (compareVersions(a, b) < 0 && compareVersions(b, c) < 0)
        expect(compareVersions(a, c)).toBeLessThan(0);
    }),
  );
});
