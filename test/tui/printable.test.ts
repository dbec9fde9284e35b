import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { columnsOf, inColumns, oneLine, printable, wrap } from '../../src/tui/printable.ts';
import { anyLetter } from '../support/any-letter.ts';

const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u{1b}[2J',
      '\u{1b}]0;x\u{7}',
      '\u{9b}1A',
      '\r',
      '\n',
      '\t',
      '\u{202e}',
      '\u{200d}',
      '\u{fe0f}',
      '👨‍👩‍👧',
      '🇩🇪',
      '日',
      'é',
      'e\u{301}',
      '\ud800',
      '\u{7f}',
      '\u{85}',
      '\u{2028}',
      '\u{1100}',
      'क्षि',
    ),
    fc.string({ unit: anyLetter, minLength: 1, maxLength: 1 }),
    fc.constantFrom('a', ' ', '1'),
  ),
  maxLength: 60,
});

describe('text from elsewhere', () => {
  it('has nothing in it that a terminal obeys, or that hides or turns what follows', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(printable(text)).not.toMatch(/[^\P{Control}\n]|[\p{Format}\p{Surrogate}]/u);
        expect(oneLine(text)).not.toMatch(/\p{Control}/u);
      }),
    );
  });

  it('shows what was taken out of it', () => {
    expect(oneLine('a\u{1b}[31mb\nc\td')).toBe('a\u{fffd}[31mb c    d');
    expect(oneLine('日本語 ünï')).toBe('日本語 ünï');
  });

  it('fills a column exactly, whatever it is', () => {
    fc.assert(
      fc.property(
        nasty,
        fc.integer({ min: 0, max: 40 }),
        fc.constantFrom('left', 'right'),
        (text, width, align) => {
          expect(stringWidth(inColumns(oneLine(text), width, align as 'left' | 'right'))).toBe(width);
        },
      ),
    );
  });

  it('is wrapped without losing a sign, in lines that fit', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 2, max: 40 }), (text, width) => {
        const lines = wrap(text, width);
        expect(lines.join('')).toBe(printable(text).replaceAll('\n', ''));
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('is wrapped in no more lines than asked for', () => {
    expect(wrap('one two three four', 8, 2)).toEqual(['one two ', 'three …']);
  });

  it('fills as many lines as asked for, however long it is', () => {
    const long = '\u{1b}日'.repeat(8_000_000);
    oneLine(long);
    expect(wrap(long, 80, 10)).toHaveLength(10);
  });
});
