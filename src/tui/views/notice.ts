import { type Line, line } from '../lines.ts';
import { oneLine, wrap } from '../printable.ts';
import type { Notice, TuiState } from '../state/state.ts';

/** What is above the footer: the question, or what came of the last action and the way out; at least one line. */
export function noticeLines({ overlay, notice, size: { columns } }: TuiState): readonly Line[] {
  const wrapped = (text: string, most: number) =>
    wrap(oneLine(text), columns - 2, most).map((each) => ` ${each}`);
  if (overlay?.kind === 'confirm') {
    return wrapped(overlay.question, 3).map((text) => line(text, { bold: true, color: 'yellow' }));
  }
  if (overlay?.kind === 'filter' || notice === undefined) return [[]];
  const color = noticeColors[notice.kind];
  return [
    ...wrapped(notice.text, 2).map((text) => line(text, { color })),
    ...(notice.hint === undefined ? [] : wrapped(notice.hint, 2).map((text) => line(text))),
  ];
}

const noticeColors = { busy: 'cyan', done: 'green', failed: 'red' } as const satisfies Record<
  Notice['kind'],
  string
>;
