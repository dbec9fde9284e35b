import type { LogEntry, SupervisorEvent, WorkflowInfo } from '../../client/index.ts';
import { withArrived } from './detail.ts';
import { listed, selectedIndex } from './select.ts';
import type { Detail, TuiState, Watched } from './state.ts';

/** What the supervisor tells, taken into the state. */
export function told(state: TuiState, events: readonly SupervisorEvent[]): TuiState {
  const entries = events.flatMap((event) => (event.kind === 'log' ? [event.entry] : []));
  const changes = events.filter((event) => event.kind !== 'log');
  return logged(
    changes.reduce(
      (before, event) =>
        event.kind === 'workflow' ? changed(before, event.workflow) : removed(before, event.name),
      state,
    ),
    entries,
  );
}

function changed(state: TuiState, info: WorkflowInfo): TuiState {
  const before = state.workflows.get(info.name);
  const watched: Watched = { samples: [], ...before, info };
  const { detail } = state;
  return {
    ...state,
    workflows: new Map(state.workflows).set(info.name, watched),
    detail: detail?.name === info.name ? outdated(detail, before?.info, info) : detail,
  };
}

/** What was loaded of the workflow may not be true any more. */
function outdated(detail: Detail, before: WorkflowInfo | undefined, now: WorkflowInfo): Detail {
  const { history, letters } = detail;
  const happened =
    before?.state !== now.state || before.version !== now.version || before.restarts !== now.restarts;
  const buried = before?.deadLetters !== now.deadLetters;
  if (!happened && !buried) return detail;
  return {
    ...detail,
    history: { ...history, stale: history.stale || happened },
    letters: { ...letters, stale: letters.stale || buried },
  };
}

function removed(state: TuiState, name: string): TuiState {
  const rows = listed(state);
  const at = selectedIndex(rows, state.list.selected);
  const neighbour = rows[at]?.info.name === name ? (rows[at + 1] ?? rows[at - 1]) : rows[at];
  const workflows = new Map(state.workflows);
  workflows.delete(name);
  return {
    ...state,
    workflows,
    list: { ...state.list, selected: neighbour?.info.name },
    detail: state.detail?.name === name ? undefined : state.detail,
  };
}

function logged(state: TuiState, entries: readonly LogEntry[]): TuiState {
  if (entries.length === 0) return state;
  const workflows = new Map(state.workflows);
  for (const entry of entries) {
    const watched = workflows.get(entry.workflow);
    const complains = entry.level === 'error' || entry.level === 'critical';
    if (complains && watched !== undefined) workflows.set(entry.workflow, { ...watched, complaint: entry });
  }
  const { detail } = state;
  if (detail === undefined) return { ...state, workflows };
  const own = entries.filter(({ workflow }) => workflow === detail.name);
  return { ...state, workflows, detail: { ...detail, log: withArrived(detail.log, own) } };
}
