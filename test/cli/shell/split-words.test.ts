import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../../src/cli/shell/split-words.ts';

describe('the words of a command', () => {
  it('are parted by blanks, and held together by quotation marks', () => {
    expect(splitWords(`call A.f  '{"a b": 1}' "two words" x\\ y ""`)).toEqual([
      'call',
      'A.f',
      '{"a b": 1}',
      'two words',
      'x y',
      '',
    ]);
  });

  it('are any words that were put in single quotation marks', () => {
    fc.assert(
      fc.property(fc.array(fc.string().filter((word) => !word.includes("'"))), (words) => {
        expect(splitWords(words.map((word) => `'${word}'`).join(' '))).toEqual(words);
      }),
    );
  });

  it('say which quotation mark is not closed', () => {
    expect(() => splitWords('call "A')).toThrow('the quotation mark " is not closed');
  });
});
