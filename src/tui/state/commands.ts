import { count } from '../../client/index.ts';
import { oneLine } from '../printable.ts';
import type { Action } from './action.ts';
import { loadTab, openDetail } from './detail.ts';
import { act, type Step, stay } from './effect.ts';
import { move } from './move.ts';
import { current, letterIndex } from './select.ts';
import { type Detail, orders, type Tab, type TuiState, tabs } from './state.ts';

/** What keys can do. Each is called where its binding works. */
export const commands = {
  open: (state) => toTab(state, 'nodes'),
  nodes: (state) => toTab(state, 'nodes'),
  log: (state) => toTab(state, 'log'),
  history: (state) => toTab(state, 'history'),
  letters: (state) => toTab(state, 'letters'),
  'next-tab': (state) => turnTab(state, 1),
  'previous-tab': (state) => turnTab(state, -1),
  'open-letter': openLetter,
  back: ({ detail, ...state }) =>
    stay({ ...state, detail: detail?.letter === undefined ? undefined : { ...detail, letter: undefined } }),

  start: (state) => withName(state, (name) => act(state, { kind: 'start', name })),
  stop: (state) => withName(state, (name) => act(state, { kind: 'stop', name, now: false })),
  'stop-now': (state) =>
    withName(state, (name) =>
      confirm(
        state,
        { kind: 'stop', name, now: true },
        `Stop ${oneLine(name)} now? What was read and is not finished goes again at the next start.`,
      ),
    ),
  pause: (state) => withName(state, (name) => act(state, { kind: 'pause', name })),
  resume: (state) => withName(state, (name) => act(state, { kind: 'resume', name })),
  'start-supervisor': (state) => act(state, { kind: 'start-supervisor' }),

  replay: (state) => withLetter(state, (name, id) => act(state, { kind: 'replay', name, ids: [id] })),
  drop: (state) =>
    withLetter(state, (name, id) =>
      confirm(state, { kind: 'drop', name, ids: [id] }, `Drop dead letter ${id}? It is gone for good.`),
    ),
  'replay-all': (state) => ofAll(state, 'replay', 'Replay'),
  'drop-all': (state) => ofAll(state, 'drop', 'Drop'),

  filter: (state) => stay({ ...state, overlay: { kind: 'filter' } }),
  'clear-filter': (state) => stay({ ...state, list: { ...state.list, filter: '' } }),
  order: (state) => {
    const order = orders[(orders.indexOf(state.list.order) + 1) % orders.length] ?? 'name';
    // The row that is marked stays so, wherever it goes.
    return stay({ ...state, list: { ...state.list, order, selected: current(state)?.info.name } });
  },
  help: (state) => stay({ ...state, overlay: { kind: 'help', top: 0 } }),
  leave: (state) => stay(state, { kind: 'leave' }),

  up: (state) => move(state, 'up'),
  down: (state) => move(state, 'down'),
  'page-up': (state) => move(state, 'page-up'),
  'page-down': (state) => move(state, 'page-down'),
  first: (state) => move(state, 'first'),
  last: (state) => move(state, 'last'),
} satisfies Readonly<Record<string, (state: TuiState) => Step>>;

export type CommandName = keyof typeof commands;

function toTab(state: TuiState, tab: Tab): Step {
  const { detail } = state;
  if (detail !== undefined) return loadTab({ ...state, detail: { ...detail, tab } });
  return withName(state, (name) => openDetail(state, name, tab));
}

function turnTab(state: TuiState, by: 1 | -1): Step {
  const at = tabs.indexOf(state.detail?.tab ?? 'nodes');
  return toTab(state, tabs[(at + by + tabs.length) % tabs.length] ?? 'nodes');
}

function openLetter(state: TuiState): Step {
  const { detail } = state;
  const id = detail === undefined ? undefined : markedLetter(detail);
  if (detail === undefined || id === undefined) return stay(state);
  return stay(
    { ...state, detail: { ...detail, letter: { id, letter: undefined, top: 0 } } },
    { kind: 'load-letter', name: detail.name, id },
  );
}

function confirm(state: TuiState, action: Action, question: string): Step {
  return stay({ ...state, overlay: { kind: 'confirm', question, action } });
}

function ofAll(state: TuiState, kind: 'replay' | 'drop', verb: string): Step {
  return withName(state, (name) => {
    const kept = current(state)?.info.deadLetters ?? 0;
    const lost = kind === 'drop' ? ' They are gone for good.' : '';
    const question = `${verb} all dead letters of ${oneLine(name)} (${count(kept)})?${lost}`;
    return confirm(state, { kind, name, ids: undefined }, question);
  });
}

function withName(state: TuiState, then: (name: string) => Step): Step {
  const watched = current(state);
  return watched === undefined ? stay(state) : then(watched.info.name);
}

function withLetter(state: TuiState, then: (name: string, id: number) => Step): Step {
  const { detail } = state;
  const id = detail === undefined ? undefined : markedLetter(detail);
  return detail === undefined || id === undefined ? stay(state) : then(detail.name, id);
}

/** The dead letter that keys are about: the open one, else the marked one. */
function markedLetter(detail: Detail): number | undefined {
  return detail.letter?.id ?? detail.letters.rows?.[letterIndex(detail)]?.id;
}
