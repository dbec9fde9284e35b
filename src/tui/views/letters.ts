import { count } from '../../client/index.ts';
import { exactly, type Line, line } from '../lines.ts';
import { oneLine } from '../printable.ts';
import { paneHeight } from '../state/heights.ts';
import { letterIndex } from '../state/select.ts';
import type { Detail, LetterRow, TuiState } from '../state/state.ts';
import { type Column, tableLines } from '../table.ts';
import { clock } from './words.ts';

/** The dead letters, the oldest first. */
export function lettersLines(state: TuiState, detail: Detail): readonly Line[] {
  const { rows, more } = detail.letters;
  if (rows === undefined) return [line('  ...', { dim: true })];
  if (rows.length === 0) return [line('  no dead letters', { dim: true })];
  const height = paneHeight(state) - (more ? 1 : 0);
  const options = { rows, selected: letterIndex(detail), width: state.size.columns, height };
  const table = tableLines({ columns: columnsAt(state.now, state.size.columns), ...options });
  const kept = state.workflows.get(detail.name)?.info.deadLetters ?? rows.length;
  const rest = line(`  ${count(rows.length)} of ${count(kept)}; moving to the last loads more`, {
    dim: true,
  });
  return more ? [...exactly(table, height), rest] : table;
}

function columnsAt(now: number, width: number): readonly Column<LetterRow>[] {
  return [
    { title: 'ID', rank: 0, align: 'right', text: ({ id }) => String(id) },
    { title: 'AT', rank: 3, text: ({ at }) => clock(at, now) },
    {
      title: 'STAGE',
      rank: 1,
      most: Math.max(12, Math.floor(width / 5)),
      text: ({ stage }) => oneLine(stage),
    },
    { title: 'ATTEMPTS', rank: 2, align: 'right', text: ({ attempts }) => String(attempts) },
    {
      title: 'ERROR',
      rank: 0,
      most: Math.floor(width / 2.5),
      text: ({ error }) => error,
      color: () => 'red',
    },
    { title: 'MESSAGE', rank: 4, fill: true, least: 10, text: ({ message }) => message },
  ];
}
