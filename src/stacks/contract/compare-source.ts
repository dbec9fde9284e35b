import { type FunctionType, printType } from '../../types/index.ts';
import type { CodeFunction, CodeWords } from '../stack.ts';
import { countArguments } from './arity.ts';
import type { Difference } from './difference.ts';
import { differences } from './differences.ts';

/** A function that is declared as a source has to give items of the declared type, and may take a position. */
export function compareSource(
  fn: FunctionType,
  found: CodeFunction,
  words: CodeWords,
): readonly Difference[] {
  if (found.source !== true) {
    // What it gives may be gone through all the same, which the probe knows.
    if (found.result.kind === 'unstated' || found.result.kind === 'unknown') return [];
    return [
      {
        code: 'source-function',
        text: `gives one result, where a source (${printType(fn.input)} -> ${printType(fn.output)}) is declared`,
        hint: `make it ${words.source}`,
      },
    ];
  }
  const needed = found.parameters.filter(({ optional }) => !optional).length;
  const result = differences(fn.output, found.result, {
    direction: 'output',
    path: 'result',
    place: undefined,
    words,
  });
  if (needed <= 1) return result;
  const text = `takes ${countArguments(needed)}, where a source takes none, or the position from which it goes on`;
  return [{ code: 'wrong-arity', text }, ...result];
}

/** A source where another kind of function is declared. */
export function sourceInstead({ name, output }: FunctionType): Difference {
  const item = output.kind === 'list' ? output.item : output;
  return {
    code: 'function-is-source',
    text: 'is a source, which gives its items one by one, where a plain function is declared',
    hint: `declare it as ${name}: Void -> ${printType(item)}, or return the whole result`,
  };
}
