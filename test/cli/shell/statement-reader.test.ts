import { describe, expect, it } from 'vitest';
import { createStatementReader } from '../../../src/cli/shell/statement-reader.ts';

function read(...lines: readonly string[]) {
  const reader = createStatementReader();
  const statements = lines.flatMap((line) => reader.push(line) ?? []);
  const rest = reader.rest();
  return [...statements, ...(rest === undefined ? [] : [rest])].map(({ text, line }) => `${line}: ${text}`);
}

describe('statements of the shell', () => {
  it('are lines, and empty lines are none', () => {
    expect(read('ps', '', '  start w  ')).toEqual(['1: ps', '3: start w']);
  });

  it.each([['->'], ['|'], ['&'], ['=']])('go on behind a line that ends with %s', (sign) => {
    expect(read('', `a ${sign}`, 'b', 'ps')).toEqual([`2: a ${sign}\nb`, '4: ps']);
  });

  it('go on while a bracket is open, whatever stands in texts and comments', () => {
    expect(read('w = a { x = 1, // {{{', 'y = "}" }', 'ps')).toEqual([
      '1: w = a { x = 1, // {{{\ny = "}" }',
      '3: ps',
    ]);
    expect(read('w = file/"(" -> A')).toEqual(['1: w = file/"(" -> A']);
  });

  it('go on behind a backslash, which is left out', () => {
    expect(read('start w \\', '--attempts=3')).toEqual(['1: start w \n--attempts=3']);
  });

  it('end with the text, also where something is open', () => {
    expect(read('w = (a')).toEqual(['1: w = (a']);
  });
});
