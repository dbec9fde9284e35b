import type { WorkflowState } from '../../client/index.ts';
import { ratesOf } from './samples.ts';
import type { Detail, Order, TuiState, Watched } from './state.ts';

/** The workflows that the list shows, in its order. */
export function listed({ workflows, list: { filter, order } }: TuiState): readonly Watched[] {
  const wanted = filter.toLowerCase();
  return [...workflows.values()]
    .filter(({ info: { name, state } }) => name.toLowerCase().includes(wanted) || state.includes(wanted))
    .sort((one, other) => compare[order](one, other) || byName(one, other));
}

/** The index of the marked row among those that are shown; -1 where there is none. */
export function selectedIndex(rows: readonly Watched[], selected: string | undefined): number {
  if (rows.length === 0) return -1;
  return Math.max(
    0,
    rows.findIndex(({ info }) => info.name === selected),
  );
}

/** The workflow that keys are about: the one that is looked into, else the marked one. */
export function current(state: TuiState): Watched | undefined {
  if (state.detail !== undefined) return state.workflows.get(state.detail.name);
  const rows = listed(state);
  return rows[selectedIndex(rows, state.list.selected)];
}

/** The marked dead letter's row. Where the marked one has gone, the next is marked. */
export function letterIndex({ letters: { rows = [], selected } }: Detail): number {
  if (selected === undefined) return 0;
  const at = rows.findIndex(({ id }) => id >= selected);
  return at < 0 ? Math.max(0, rows.length - 1) : at;
}

/** What is wrong with a workflow, or was last; undefined: nothing that is known. */
export function troubleOf({ info, complaint }: Watched): string | undefined {
  if (info.error !== undefined && (info.state === 'failed' || info.state === 'restarting'))
    return info.error.message;
  if (complaint !== undefined) return `${complaint.stage}: ${complaint.message}`;
  return info.error?.message;
}

const byName = (one: Watched, other: Watched) => (one.info.name < other.info.name ? -1 : 1);

const compare: Readonly<Record<Order, (one: Watched, other: Watched) => number>> = {
  name: byName,
  state: (one, other) => urgency.indexOf(one.info.state) - urgency.indexOf(other.info.state),
  rate: (one, other) => (ratesOf(other.samples)?.in ?? 0) - (ratesOf(one.samples)?.in ?? 0),
  'dead letters': (one, other) => other.info.deadLetters - one.info.deadLetters,
};

/** States, those that want someone's attention first. */
const urgency: readonly WorkflowState[] = [
  'failed',
  'restarting',
  'starting',
  'stopping',
  'running',
  'paused',
  'stopped',
  'ended',
  'defined',
];
