import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Diagnostic, renderDiagnostic } from '../../src/core/index.ts';

const unknownType: Diagnostic = {
  code: 'unknown-type',
  severity: 'error',
  message: 'unknown type "Txt"',
  place: { file: 'nstack.yaml', line: 7, column: 12, length: 3 },
  sourceLine: '  analyse: (Txt) -> (Text)',
  hint: 'did you mean "Text"?',
  related: {
    message: 'the code is here',
    place: { file: 'service.py', line: 12, column: 5, length: 7 },
    sourceLine: 'def analyse(messages):',
  },
};

const plain = (diagnostic: Diagnostic) => renderDiagnostic(diagnostic, { color: false });

function at(sourceLine: string, column: number, length = 1): string[] {
  return plain({ ...unknownType, place: { file: 'f', line: 1, column, length }, sourceLine }).split('\n');
}

describe('a rendered diagnostic', () => {
  test('has place, severity, message, the line, carets under what is meant, the hint and the other place', () => {
    expect(plain(unknownType)).toBe(
      [
        'nstack.yaml:7:12: error: unknown type "Txt"',
        '  7 |   analyse: (Txt) -> (Text)',
        '    |            ^^^',
        '  hint: did you mean "Text"?',
        '  service.py:12:5: note: the code is here',
        '  12 | def analyse(messages):',
        '     |     ^^^^^^^',
      ].join('\n'),
    );
  });

  test('is one line where there is no place', () => {
    expect(plain({ code: 'x', severity: 'warning', message: 'nothing to do' })).toBe(
      'warning: nothing to do',
    );
  });

  test('differs in colour alone when colour is asked for', () => {
    const colored = renderDiagnostic(unknownType, { color: true });
    expect(colored).not.toBe(plain(unknownType));
    expect(stripVTControlCharacters(colored)).toBe(plain(unknownType));
  });

  test('cuts a long line around the column', () => {
    const [, line, carets] = at(`${'a'.repeat(100_000)}HERE${'b'.repeat(100_000)}`, 100_001, 4);
    expect(line?.length).toBeLessThan(120);
    expect(line).toContain('aHEREb');
    expect(line).toContain('…');
    expect(line?.indexOf('HERE')).toBe(carets?.indexOf('^^^^'));
  });

  test('keeps the carets within a line that is cut', () => {
    const [, line, carets] = at('x'.repeat(100_000), 1, 100_000);
    expect(carets?.length).toBeLessThanOrEqual(line?.length ?? 0);
  });

  test('shows one caret just past the end of a line', () => {
    expect(at('abc', 4).slice(1, 3)).toEqual(['  1 | abc', '    |    ^']);
    expect(at('abc', 400).slice(1, 3)).toEqual(['  1 | abc', '    |    ^']);
    expect(at('', 1).slice(1, 3)).toEqual(['  1 |', '    | ^']);
  });

  test('lets no control character of a text reach the terminal', () => {
    const hostile = 'a\u001b[2Jb\u0007\u009bc\u202ed\r\ne\ud800';
    const text = plain({
      code: 'x',
      severity: 'error',
      message: hostile,
      hint: hostile,
      place: { file: hostile, line: 1, column: 3 },
      sourceLine: hostile,
    });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Control}\p{Surrogate}\u202e]/u);
    expect(text).toContain('a␛[2Jb␇\\u{9b}c\\u{202e}d␍␊e\\u{d800}');
    expect(text.split('\n')).toHaveLength(4);
  });

  test('places carets by the cells that wide and combining letters take', () => {
    const [, line, carets] = at('日本e\u0301 Txt', 6, 3);
    expect(line).toBe('  1 | 日本e\u0301 Txt');
    expect(carets).toBe('    |       ^^^');
  });
});
