import type { LogEntry } from '../../client/index.ts';
import { type Effect, type Step, stay } from './effect.ts';
import type { Detail, LogPane, Tab, TuiState } from './state.ts';

const lettersAPage = 100;
const mostEntries = 1_000;

/** Looks into a workflow, at a tab. */
export function openDetail(state: TuiState, name: string, tab: Tab): Step {
  const detail: Detail = {
    name,
    tab,
    node: 0,
    log: { entries: [], next: 0, arrived: undefined, bottom: undefined },
    history: { entries: undefined, stale: false, row: 0 },
    letters: {
      rows: undefined,
      more: false,
      most: lettersAPage,
      loading: false,
      stale: false,
      selected: undefined,
    },
    letter: undefined,
  };
  return loadTab({ ...state, list: { ...state.list, selected: name }, detail });
}

/** Loads what the open tab shows. */
export function loadTab(state: TuiState): Step {
  const { detail } = state;
  if (detail === undefined || state.connection.kind !== 'connected') return stay(state);
  const { loaded, effects } = loading(detail);
  return stay({ ...state, detail: loaded }, ...effects);
}

function loading(detail: Detail): { readonly loaded: Detail; readonly effects: readonly Effect[] } {
  const { name, log, history, letters } = detail;
  switch (detail.tab) {
    case 'nodes':
      return { loaded: detail, effects: [] };
    case 'log':
      return { loaded: { ...detail, log: { ...log, arrived: [] } }, effects: [{ kind: 'load-log', name }] };
    case 'history':
      return {
        loaded: { ...detail, history: { ...history, stale: false } },
        effects: [{ kind: 'load-history', name }],
      };
    case 'letters':
      return {
        loaded: { ...detail, letters: { ...letters, loading: true, stale: false } },
        effects: [{ kind: 'load-letters', name, most: letters.most }],
      };
    default:
      return detail.tab satisfies never;
  }
}

/** Loads the next page of dead letters, where there is one. */
export function loadMoreLetters(state: TuiState): Step {
  const { detail } = state;
  if (detail === undefined || detail.letters.loading || !detail.letters.more) return stay(state);
  const letters = { ...detail.letters, most: detail.letters.most + lettersAPage };
  return loadTab({ ...state, detail: { ...detail, letters } });
}

/** The log with lines that have just come. Before it was first asked for, nothing is kept. */
export function withArrived(log: LogPane, entries: readonly LogEntry[]): LogPane {
  if (entries.length === 0 || (log.arrived === undefined && log.next === 0)) return log;
  const { arrived } = log;
  return append(
    arrived === undefined ? log : { ...log, arrived: [...arrived, ...entries].slice(-mostEntries) },
    entries,
  );
}

/** The log that was loaded, and after it what came meanwhile and is not in it. */
export function withLoaded(log: LogPane, loaded: readonly LogEntry[]): LogPane {
  const known = new Set(loaded.map((entry) => JSON.stringify(entry)));
  const arrived = (log.arrived ?? []).filter((entry) => !known.has(JSON.stringify(entry)));
  return append({ ...log, entries: [], arrived: undefined, bottom: undefined }, [...loaded, ...arrived]);
}

function append(log: LogPane, entries: readonly LogEntry[]): LogPane {
  const numbered = entries.map((entry, index) => ({ ...entry, number: log.next + index }));
  return {
    ...log,
    entries: [...log.entries, ...numbered].slice(-mostEntries),
    // Never 0 again, so that a log that was empty when it was loaded takes what comes.
    next: log.next + Math.max(1, entries.length),
  };
}
