import { describe, expect, test } from 'vitest';
import { isPreRelease, nextLine, predecessor, sameLine } from '../../src/registry/index.ts';

describe('a line of versions', () => {
  test.each([
    ['1.0.0', '1.9.3', true],
    ['1.9.3', '2.0.0', false],
    ['0.2.0', '0.2.9', true],
    ['0.2.9', '0.3.0', false],
    ['0.1.0', '1.1.0', false],
    ['1.2.0-SNAPSHOT', '1.0.0', true],
    ['latest', 'latest', false],
  ])('%s and %s: %s', (a, b, same) => {
    expect(sameLine(a, b)).toBe(same);
    expect(sameLine(b, a)).toBe(same);
  });

  test('is followed by the next', () => {
    expect(['1.4.2', '0.3.1', '2.0.0-rc.1', '99999999999999999999.0.0'].map(nextLine)).toEqual([
      '2.0.0',
      '0.4.0',
      '3.0.0',
      '100000000000000000000.0.0',
    ]);
  });

  test('has releases and what is none yet', () => {
    expect(['1.0.0', '1.0.0-SNAPSHOT', '1.0.0-rc.1', '1.0.0+build'].map(isPreRelease)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('tells what a new version is measured by: its newest lower release', () => {
    const published = ['0.9.0', '1.0.0', '1.10.0', '1.9.0', '1.11.0-rc.1', '2.0.0', 'latest'];
    expect(predecessor('1.11.0', published)).toBe('1.10.0');
    expect(predecessor('1.9.5', published)).toBe('1.9.0');
    expect(predecessor('2.0.0', published)).toBeUndefined();
    expect(predecessor('3.0.0', published)).toBeUndefined();
  });
});
