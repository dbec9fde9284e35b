import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  admitsPythonVersion,
  comparePythonVersions,
  isPythonPreRelease,
} from '../../../src/stacks/python/pep440.ts';

/** The orders that PEP 440 shows: "Summary of permitted suffixes and relative ordering", and its examples before. */
const orders: readonly (readonly [string, ...string[]])[] = [
  ['0.9', '0.9.1', '0.9.2', '0.9.10', '0.9.11', '1.0', '1.0.1', '1.1', '2.0', '2.0.1'],
  ['1.0.dev456', '1.0a1', '1.0a2.dev456', '1.0a12.dev456', '1.0a12', '1.0b1.dev456', '1.0b2'],
  ['1.0b2', '1.0b2.post345.dev456', '1.0b2.post345', '1.0rc1.dev456', '1.0rc1', '1.0', '1.0+abc.5'],
  ['1.0+abc.5', '1.0+abc.7', '1.0+5', '1.0.post456.dev34', '1.0.post456', '1.0.15', '1.1.dev1'],
  ['2013.10', '2014.04', '1!1.0', '1!1.1', '1!2.0'],
];

describe('versions of Python packages', () => {
  it.each(orders)('are ordered as PEP 440 shows: %s ...', (...order) => {
    for (const [at, older] of order.entries())
      for (const newer of order.slice(at + 1)) {
        expect(comparePythonVersions(older, newer), `${older} and ${newer}`).toBeLessThan(0);
        expect(comparePythonVersions(newer, older), `${newer} and ${older}`).toBeGreaterThan(0);
      }
  });

  it.each([
    ['1.1RC1', '1.1rc1'],
    ['1.1.a1', '1.1a1'],
    ['1.1-a1', '1.1a1'],
    ['1.1alpha1', '1.1a1'],
    ['1.1beta2', '1.1b2'],
    ['1.1c3', '1.1rc3'],
    ['1.2a', '1.2a0'],
    ['1.2-post2', '1.2.post2'],
    ['1.2post2', '1.2.post2'],
    ['1.0-r4', '1.0.post4'],
    ['1.2.post', '1.2.post0'],
    ['1.0-1', '1.0.post1'],
    ['1.2-dev2', '1.2.dev2'],
    ['1.2.dev', '1.2.dev0'],
    ['1.0+ubuntu-1', '1.0+ubuntu.1'],
    ['v1.0', '1.0'],
    [' 1.0\n', '1.0'],
    ['00.1', '0.1'],
    ['1.0', '1.0.0'],
  ])('%j is the same as %j', (written, normal) => {
    expect(comparePythonVersions(written, normal)).toBe(0);
  });

  it('have an order whatever is written', () => {
    const any = fc.oneof(
      fc.string(),
      fc.constantFrom(...orders.flat()),
      fc.stringMatching(/^[0-9.abrcdevpost+!-]{0,12}$/),
    );
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(Math.sign(comparePythonVersions(a, b)) + Math.sign(comparePythonVersions(b, a))).toBe(0);
      }),
    );
  });

  it('are older than all others where they are none', () => {
    expect(comparePythonVersions('latest', '0.0.dev0')).toBeLessThan(0);
  });

  it.each(['1.0a1', '1.0.dev1', '1.0rc1', '1.0.post1.dev2'])('%s is a pre-release', (version) => {
    expect(isPythonPreRelease(version)).toBe(true);
  });

  it.each(['1.0', '1.0.post1', '1.0+abc'])('%s is none', (version) => {
    expect(isPythonPreRelease(version)).toBe(false);
  });

  it.each([
    ['~=2.2', '2.3', true],
    ['~=2.2', '3.0', false],
    ['~=2.2.post3', '2.2', false],
    ['~=2.2.post3', '2.9', true],
    ['~=1.4.5', '1.5', false],
    ['==1.1', '1.1.0', true],
    ['==1.1', '1.1.post1', false],
    ['==1.1.*', '1.1.post1', true],
    ['!=1.1.*', '1.1.post1', false],
    ['==1.1', '1.1+local', true],
    ['>1.7', '1.7.1', true],
    ['>1.7', '1.7.0.post1', false],
    ['>1.7.post2', '1.7.post3', true],
    ['<2, >=1', '2', false],
    ['<2', '2rc1', false],
    ['<2rc2', '2rc1', true],
    ['==1.*', '1!1.0', false],
    ['latest', '1.0', undefined],
    ['===1.0', '1.0', true],
  ])('%s admits %s: %s', (specifiers, version, admitted) => {
    expect(admitsPythonVersion(specifiers, version)).toBe(admitted);
  });
});
