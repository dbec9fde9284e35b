import { describe, expect, it } from 'vitest';
import { allows, upstreamVersion } from '../../../src/stacks/haskell/versions.ts';

describe('the versions that a package asks for', () => {
  it.each([
    ['', '1', true],
    ['>=0.13&&<0.14', '0.13.1.0', true],
    ['>=0.13&&<0.14', '0.14', false],
    ['>=0.13.1', '0.13', false],
    ['==1.2.*', '1.2.3', true],
    ['==1.2.*', '1.20', false],
    ['==1.2', '1.2', true],
    ['==1.2', '1.2.0', false],
    ['^>=0.13.1', '0.13.4', true],
    ['^>=0.13.1', '0.14', false],
    ['^>=0.13.1', '0.13', false],
    ['^>={0.11,0.13}', '0.13.1', true],
    ['==1.0||(>1.5&&<=2)', '2', true],
    ['==1.0||(>1.5&&<=2)', '1.2', false],
    ['-any', '3', true],
  ])('%s, and %s: %s', (versions, version, expected) => {
    expect(allows(versions, version)).toBe(expected);
  });

  it.each(['>=', '>=x', '(>=1', '1.2', '>=1&&', '>=1 ?', '=>1'])('%s says nothing', (versions) => {
    expect(allows(versions, '1')).toBeUndefined();
  });
});

describe('the version of a Debian package', () => {
  it.each([
    ['0.13.1.0-3+b1', '0.13.1.0'],
    ['1:2.0+ds-1', '2.0'],
    ['none', ''],
  ])('%s is of upstream %s', (debian, expected) => {
    expect(upstreamVersion(debian)).toBe(expected);
  });
});
