import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestWord } from '../../src/core/index.ts';

describe('the nearest word', () => {
  test.each([
    ['Txt', ['Integer', 'Text'], 'Text'],
    ['packges', ['name', 'packages', 'parent'], 'packages'],
    ['nmae', ['name', 'env'], 'name'],
    ['integer', ['Integer', 'Text'], 'Integer'],
    ['Interger', ['Integer', 'Double'], 'Integer'],
    ['libsvn', ['libsvm', 'libsvm3'], 'libsvm'],
  ])('for %s among %j is %s', (word, candidates, expected) => {
    expect(nearestWord(word, candidates)).toBe(expected);
  });

  test('is none where every candidate is another word', () => {
    expect(nearestWord('Flight', ['Integer', 'Text', 'Double'])).toBeUndefined();
    expect(nearestWord('ab', ['cd', 'ac'])).toBeUndefined();
    expect(nearestWord('', ['a'])).toBeUndefined();
    expect(nearestWord('a', [])).toBeUndefined();
  });

  test('of words that differ in case alone is the first', () => {
    expect(nearestWord('DEMO', ['demo', 'Demo'])).toBe('demo');
  });

  test('is not looked for where the word is hostile in length', () => {
    expect(nearestWord('x'.repeat(1_000_000), ['x'.repeat(1_000_000)])).toBeUndefined();
  });

  test('of a word of the list, spoilt in one letter, is never further than that word', () => {
    const words = fc.stringMatching(/^[a-z]{3,12}$/);
    fc.assert(
      fc.property(words, fc.nat(), fc.stringMatching(/^[a-z]$/), (word, position, letter) => {
        const index = position % word.length;
        const spoilt = word.slice(0, index) + letter + word.slice(index + 1);
        expect(nearestWord(spoilt, [word])).toBe(word);
      }),
    );
  });
});
