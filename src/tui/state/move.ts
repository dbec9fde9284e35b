import { letterLines } from '../views/letter.ts';
import { loadMoreLetters } from './detail.ts';
import { type Step, stay } from './effect.ts';
import { bodyHeight, listHeight, paneHeight } from './heights.ts';
import { letterIndex, listed, selectedIndex } from './select.ts';
import type { Detail, TuiState } from './state.ts';

export type Movement = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last';

/** Moves the mark, or what is scrolled, of what is shown. */
export function move(state: TuiState, movement: Movement): Step {
  const { detail } = state;
  if (detail === undefined) return moveInList(state, movement);
  if (detail.letter !== undefined) return moveInLetter(state, detail, movement);
  const page = paneHeight(state) - 1;
  switch (detail.tab) {
    case 'nodes': {
      const { sources = [], stages = [], sinks = [] } = state.workflows.get(detail.name)?.info.status ?? {};
      const node = moved(detail.node, movement, sources.length + stages.length + sinks.length, page);
      return stay({ ...state, detail: { ...detail, node } });
    }
    case 'log':
      return stay({ ...state, detail: moveInLog(detail, movement, page) });
    case 'history': {
      const { history } = detail;
      const row = moved(history.row, movement, history.entries?.length ?? 0, page);
      return stay({ ...state, detail: { ...detail, history: { ...history, row } } });
    }
    case 'letters':
      return moveInLetters(state, detail, movement, page);
    default:
      return detail.tab satisfies never;
  }
}

/** A top line so that `height` of `count` lines are shown. */
export function scrolled(top: number, count: number, height: number): number {
  return Math.max(0, Math.min(top, count - height));
}

function moveInList(state: TuiState, movement: Movement): Step {
  const rows = listed(state);
  const at = moved(selectedIndex(rows, state.list.selected), movement, rows.length, listHeight(state) - 1);
  return stay({ ...state, list: { ...state.list, selected: rows[at]?.info.name } });
}

/** Up from the newest holds the log still; down to it lets it follow again. */
function moveInLog(detail: Detail, movement: Movement, page: number): Detail {
  const { entries, bottom } = detail.log;
  const newest = entries.length - 1;
  const from = bottom === undefined ? newest : Math.max(0, bottom - (entries[0]?.number ?? 0));
  // The first page, since what is at the lower edge is what moves.
  const to = movement === 'first' ? Math.min(page - 1, newest) : moved(from, movement, entries.length, page);
  const follows = to >= newest && movement !== 'first';
  return { ...detail, log: { ...detail.log, bottom: follows ? undefined : entries[to]?.number } };
}

function moveInLetters(state: TuiState, detail: Detail, movement: Movement, page: number): Step {
  const { letters } = detail;
  const rows = letters.rows ?? [];
  const to = moved(letterIndex(detail), movement, rows.length, page);
  const next = { ...state, detail: { ...detail, letters: { ...letters, selected: rows[to]?.id } } };
  return to >= rows.length - 1 ? loadMoreLetters(next) : stay(next);
}

function moveInLetter(state: TuiState, detail: Detail, movement: Movement): Step {
  const { letter } = detail;
  if (letter?.letter === undefined) return stay(state);
  const count = letterLines(letter.letter, state.size.columns).length;
  const height = bodyHeight(state);
  // A line is left over of each page, and the last page is full.
  const top = scrolled(moved(letter.top, movement, count, height - 1), count, height);
  return stay({ ...state, detail: { ...detail, letter: { ...letter, top } } });
}

function moved(from: number, movement: Movement, count: number, page: number): number {
  const to = {
    up: from - 1,
    down: from + 1,
    'page-up': from - page,
    'page-down': from + page,
    first: 0,
    last: count - 1,
  }[movement];
  return Math.max(0, Math.min(to, count - 1));
}
