import type { HistoryEntry, WorkflowState } from '../../client/index.ts';
import { type Color, type Line, line } from '../lines.ts';
import { oneLine } from '../printable.ts';
import { paneHeight } from '../state/heights.ts';
import type { Detail, TuiState } from '../state/state.ts';
import { type Column, tableLines } from '../table.ts';
import { clock, stateColors } from './words.ts';

/** What happened to the workflow, the newest first. */
export function historyLines(state: TuiState, { history }: Detail): readonly Line[] {
  const { entries, row } = history;
  if (entries === undefined) return [line('  ...', { dim: true })];
  if (entries.length === 0) return [line('  nothing happened yet', { dim: true })];
  const selected = Math.min(row, entries.length - 1);
  const options = { rows: entries, selected, width: state.size.columns, height: paneHeight(state) };
  return tableLines({ columns: columnsAt(state.now), ...options });
}

function columnsAt(now: number): readonly Column<HistoryEntry>[] {
  return [
    { title: 'AT', rank: 0, text: ({ at }) => clock(at, now) },
    { title: 'VERSION', rank: 1, align: 'right', text: ({ version }) => `v${version}` },
    { title: 'EVENT', rank: 0, text: ({ event }) => event, color: ({ event }) => eventColor(event) },
    { title: 'DETAIL', rank: 0, fill: true, text: ({ detail }) => oneLine(detail) },
  ];
}

function eventColor(event: HistoryEntry['event']): Color | undefined {
  if (event === 'crashed') return 'red';
  return event === 'replaced' || event === 'removed' ? 'yellow' : stateColors[event satisfies WorkflowState];
}
