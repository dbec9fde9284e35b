import fc from 'fast-check';

const surrogates = { first: 0xd800, count: 0x800 };

/**
 * The letters of `fc.string({ unit: 'binary' })`: whatever UTF-8 can carry. That one makes a table of all million of them in each process, which takes a second
 * and 140 MB; these are counted.
 */
export const anyLetter = fc.nat({ max: 0x10ffff - surrogates.count }).map(
  (nth) => String.fromCodePoint(nth < surrogates.first ? nth : nth + surrogates.count),
  (letter) => {
    const code = typeof letter === 'string' ? letter.codePointAt(0) : undefined;
    if (code === undefined || String.fromCodePoint(code) !== letter || !letter.isWellFormed())
      throw new TypeError('not one letter');
    return code < surrogates.first ? code : code - surrogates.count;
  },
);
