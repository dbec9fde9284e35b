import { type DeadLetterInfo, letterText } from '../../client/index.ts';
import { exactly, type Line, line } from '../lines.ts';
import { wrap } from '../printable.ts';
import { bodyHeight } from '../state/heights.ts';
import type { LetterPane, TuiState } from '../state/state.ts';

/** One dead letter: where it is from, its error, its message and the stack trace of the code that failed. */
export function letterPaneLines(state: TuiState, { id, letter, top }: LetterPane): readonly Line[] {
  if (letter === undefined) return [line(` dead letter ${id} ...`, { dim: true })];
  const height = bodyHeight(state);
  return exactly(letterLines(letter, state.size.columns).slice(top, top + height), height);
}

/** All its lines, in `width` columns. */
export function letterLines(letter: DeadLetterInfo, width: number): readonly Line[] {
  const { id, workflow, at, stage, attempts, place, error } = letter;
  const { kind, text } = letterText(letter);
  const stack = stackOf(error.data);
  const facts = [
    ['workflow', workflow],
    ['at', at],
    ['stage', stage],
    ['attempts', String(attempts)],
    ...(place === undefined ? [] : [['place', place]]),
  ].flatMap(([what = '', value = '']) => block(`${what.padEnd(9)} ${value}`, width));
  return [
    line(` dead letter ${id}`, { bold: true }),
    ...facts,
    ...block(`error     ${error.message} (code ${error.code})`, width, { color: 'red' }),
    [],
    line(kind === 'base64' ? ' message in base64' : ' message', { bold: true }),
    ...block(text, width),
    ...(stack === undefined
      ? []
      : [[], line(' stack trace', { bold: true }), ...block(stack.trimEnd(), width)]),
  ];
}

function block(text: string, width: number, style: { readonly color?: 'red' } = {}): readonly Line[] {
  return wrap(text, width - 1).map((each) => line(` ${each}`, style));
}

/** The service's own stack trace, where the error has one. */
function stackOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('stack' in data)) return undefined;
  return typeof data.stack === 'string' ? data.stack : undefined;
}
