import { expect, test } from 'vitest';
import { lineSplitter } from '../../src/engine/line-splitter.ts';

function split(...pieces: readonly string[]): readonly string[] {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line));
  for (const piece of pieces) splitter.take(piece);
  splitter.end();
  return lines;
}

test('lines are put together from pieces cut anywhere', () => {
  const text = 'first\r\nsecond\nprogress 10%\rprogress 90%\rdone\n\nlast';
  const lines = ['first', 'second', 'progress 10%', 'progress 90%', 'done', 'last'];
  for (let at = 0; at <= text.length; at++) expect(split(text.slice(0, at), text.slice(at))).toEqual(lines);
});

test('colours, cursor movements and other controls are left out, tabs stay', () => {
  expect(
    split('\u001b[1;31mred\u001b[0m\n', '\u001b]0;title\u0007text\n', 'a\tb\u0000\u0008c\n', '\u001b[2K\n'),
  ).toEqual(['red', 'text', 'a\tbc']);
});

test('a line without an end is cut, so that memory stays bounded', () => {
  const lines = split(...Array.from({ length: 100 }, () => 'x'.repeat(1_000)));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(8_192);
});
