import { exactly, type Line, line } from '../lines.ts';
import { short, span } from '../numbers.ts';
import { oneLine } from '../printable.ts';
import { listHeight } from '../state/heights.ts';
import { type Rates, ratesOf } from '../state/samples.ts';
import { listed, selectedIndex, troubleOf } from '../state/select.ts';
import type { TuiState, Watched } from '../state/state.ts';
import { type Column, tableLines } from '../table.ts';
import { lagOf, readBy, writtenBy } from './counts.ts';
import { since, stateColors } from './words.ts';

/** All workflows, a row each, and the trouble of the marked one in full width. */
export function listLines(state: TuiState): readonly Line[] {
  const watched = listed(state);
  const { columns: width } = state.size;
  if (watched.length === 0) return [line(emptyText(state), { dim: true })];
  const rows = watched.map(
    (one): Row => ({ watched: one, rates: ratesOf(one.samples), trouble: troubleLine(one) }),
  );
  const selected = selectedIndex(watched, state.list.selected);
  const height = listHeight(state);
  const table = tableLines({ columns: columnsFor(state), rows, selected, width, height });
  const trouble = rows[selected]?.trouble ?? '';
  return [...exactly(table, height), trouble === '' ? [] : line(`  ${trouble}`, { color: 'red' })];
}

interface Row {
  readonly watched: Watched;
  readonly rates: Rates | undefined;
  readonly trouble: string;
}

function columnsFor({ now, size }: TuiState): readonly Column<Row>[] {
  const info = ({ watched }: Row) => watched.info;
  const number = { align: 'right' } as const;
  return [
    {
      title: 'NAME',
      rank: 0,
      most: Math.max(16, Math.floor(size.columns / 4)),
      text: (row) => oneLine(info(row).name),
    },
    { title: 'STATE', rank: 0, text: (row) => info(row).state, color: (row) => stateColors[info(row).state] },
    { title: 'FOR', rank: 5, ...number, text: (row) => since(info(row).since, now) },
    { title: 'IN/S', rank: 4, ...number, least: 5, text: ({ rates }) => short(rates?.in) },
    { title: 'OUT/S', rank: 2, ...number, least: 5, text: ({ rates }) => short(rates?.out) },
    { title: 'IN', rank: 10, ...number, least: 5, text: (row) => short(readBy(row.watched)) },
    { title: 'OUT', rank: 9, ...number, least: 5, text: (row) => short(writtenBy(row.watched)) },
    { title: 'PENDING', rank: 7, ...number, text: (row) => short(info(row).status?.pending) },
    {
      title: 'DEAD',
      rank: 3,
      ...number,
      text: (row) => short(info(row).deadLetters),
      color: (row) => (info(row).deadLetters > 0 ? 'yellow' : undefined),
    },
    { title: 'LAG', rank: 6, ...number, text: (row) => short(lagOf(row.watched)) },
    { title: 'P50', rank: 11, ...number, least: 6, text: (row) => span(info(row).status?.latency?.p50) },
    { title: 'P99', rank: 8, ...number, least: 6, text: (row) => span(info(row).status?.latency?.p99) },
    {
      title: 'RESTARTS',
      rank: 12,
      ...number,
      text: (row) => String(info(row).restarts),
      color: (row) => (info(row).restarts > 0 ? 'magenta' : undefined),
    },
    { title: 'ERROR', rank: 13, fill: true, least: 16, text: ({ trouble }) => trouble, color: () => 'red' },
  ];
}

function troubleLine(watched: Watched): string {
  return oneLine(troubleOf(watched) ?? '').trim();
}

function emptyText({ connection, workflows, list: { filter } }: TuiState): string {
  if (connection.kind !== 'connected') return '';
  if (workflows.size === 0) return '  no workflows yet: `nstack start` starts one';
  return `  no workflow has ${JSON.stringify(filter)} in its name or state`;
}
