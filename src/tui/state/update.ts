import { type ErrorMessage, placeText } from '../../core/index.ts';
import { loadTab, withLoaded } from './detail.ts';
import { type Step, stay } from './effect.ts';
import type { TuiEvent } from './event.ts';
import { pressed } from './pressed.ts';
import { addSample } from './samples.ts';
import type { Detail, Notice, TuiState, Watched } from './state.ts';
import { told } from './told.ts';

/** Milliseconds that the outcome of an action stays on the screen; errors stay longer, since they have to be read. */
const noticeTime = { busy: Number.POSITIVE_INFINITY, done: 5_000, failed: 30_000 };

/** What becomes of the state when something happens. Pure: the same state and event always give the same step. */
export function update(state: TuiState, event: TuiEvent): Step {
  switch (event.kind) {
    case 'tick':
      return ticked(state, event.now);
    case 'resized':
      return stay({ ...state, size: event.size });
    case 'key':
      return pressed(state, event.key);
    case 'connected':
      return connected(state, event);
    case 'lost':
      return stay({ ...state, connection: { kind: 'lost', error: event.error } });
    case 'told':
      return stay(told(state, event.events));
    case 'acted':
      return acted(state, event);
    case 'act-failed':
      return stay({ ...state, notice: failure(event.number, event.error, state.now) });
    case 'log-loaded':
      return inDetail(state, event.name, (detail) => ({
        ...detail,
        log: withLoaded(detail.log, event.entries),
      }));
    case 'history-loaded':
      return inDetail(state, event.name, (detail) => ({
        ...detail,
        history: { ...detail.history, entries: event.entries.toReversed() },
      }));
    case 'letters-loaded':
      return inDetail(state, event.name, (detail) => ({
        ...detail,
        letters: { ...detail.letters, rows: event.rows, more: event.more, loading: false },
      }));
    case 'letter-loaded':
      return inDetail(state, event.name, (detail) =>
        detail.letter?.id === event.letter.id
          ? { ...detail, letter: { ...detail.letter, letter: event.letter } }
          : detail,
      );
    case 'load-failed':
      return loadFailed(state, event);
    default:
      return event satisfies never;
  }
}

/** A sample of every workflow, and what has become stale in the open tab anew. */
function ticked(state: TuiState, now: number): Step {
  const { connection, notice, detail } = state;
  const workflows = new Map<string, Watched>();
  for (const [name, watched] of state.workflows) {
    const samples = connection.kind === 'connected' ? addSample(watched.samples, watched.info.status) : [];
    workflows.set(name, samples === watched.samples ? watched : { ...watched, samples });
  }
  const over = notice !== undefined && now - notice.at > noticeTime[notice.kind];
  const next = { ...state, now, workflows, notice: over ? undefined : notice };
  const stale =
    (detail?.tab === 'history' && detail.history.stale) ||
    (detail?.tab === 'letters' && detail.letters.stale && !detail.letters.loading);
  return stale ? loadTab(next) : stay(next);
}

/** The workflows that there are now; one that has gone meanwhile is not looked into any more. */
function connected(state: TuiState, { info, workflows }: Extract<TuiEvent, { kind: 'connected' }>): Step {
  const known = new Map(
    workflows.map((workflow): [string, Watched] => {
      const { complaint } = state.workflows.get(workflow.name) ?? {};
      return [
        workflow.name,
        { info: workflow, samples: [], ...(complaint === undefined ? {} : { complaint }) },
      ];
    }),
  );
  const detail = state.detail !== undefined && known.has(state.detail.name) ? state.detail : undefined;
  return loadTab({ ...state, connection: { kind: 'connected', info }, workflows: known, detail });
}

/** Says what came of an action. A dead letter that was replayed or dropped is gone: one that failed again has come back as another. */
function acted(state: TuiState, { number, action, done, text }: Extract<TuiEvent, { kind: 'acted' }>): Step {
  const notice: Notice = { action: number, kind: done ? 'done' : 'failed', text, at: state.now };
  const next = { ...state, notice };
  const { detail } = state;
  if (detail === undefined || !(action.kind === 'replay' || action.kind === 'drop')) return stay(next);
  const gone = detail.letter !== undefined && (action.ids?.includes(detail.letter.id) ?? true);
  return loadTab({ ...next, detail: gone ? { ...detail, letter: undefined } : detail });
}

function inDetail(state: TuiState, name: string, change: (detail: Detail) => Detail): Step {
  const { detail } = state;
  return stay(detail?.name === name ? { ...state, detail: change(detail) } : state);
}

/** What could not be loaded is not waited for any more. */
function loadFailed(state: TuiState, { name, error }: Extract<TuiEvent, { kind: 'load-failed' }>): Step {
  if (state.detail?.name !== name) return stay(state);
  const { log, letters } = state.detail;
  const detail = {
    ...state.detail,
    log: { ...log, arrived: undefined },
    letters: { ...letters, loading: false },
    letter: state.detail.letter?.letter === undefined ? undefined : state.detail.letter,
  };
  return stay({ ...state, detail, notice: failure(state.actions, error, state.now) });
}

function failure(action: number, { message, hint, diagnostics }: ErrorMessage, at: number): Notice {
  const found = diagnostics.find(({ severity }) => severity === 'error');
  const place = found?.place === undefined ? '' : `${placeText(found.place)}: `;
  const way = found?.hint ?? hint;
  return {
    action,
    kind: 'failed',
    text: found === undefined ? message : `${place}${found.message}`,
    ...(way === undefined ? {} : { hint: way }),
    at,
  };
}
