import type { SourceProgress, WorkflowStatus } from '../../client/index.ts';
import { type Color, type Line, line } from '../lines.ts';
import { short } from '../numbers.ts';
import { oneLine } from '../printable.ts';
import { paneHeight } from '../state/heights.ts';
import { type Counts, ratesOf } from '../state/samples.ts';
import type { Detail, TuiState } from '../state/state.ts';
import { type Column, tableLines } from '../table.ts';

/** A row for each source, stage and sink, in the order of the status. */
export function nodeLines(state: TuiState, detail: Detail): readonly Line[] {
  const watched = state.workflows.get(detail.name);
  const status = watched?.info.status;
  if (watched === undefined || status === undefined) {
    return [line('  it does not run: there is nothing to count', { dim: true })];
  }
  const rates = ratesOf(watched.samples)?.nodes ?? [];
  const rows = rowsOf(status).map((row, index) => ({ ...row, rates: rates[index] }));
  const selected = Math.min(detail.node, rows.length - 1);
  return tableLines({ columns, rows, selected, width: state.size.columns, height: paneHeight(state) });
}

interface Node {
  readonly part: 'source' | 'stage' | 'sink';
  readonly label: string;
  readonly in?: number;
  readonly out?: number;
  readonly waiting?: number;
  readonly retries?: number;
  readonly dead?: number;
  readonly replaced?: number;
  readonly progress?: SourceProgress;
}

type Row = Node & { readonly rates: Counts | undefined };

function rowsOf({ sources, stages, sinks }: WorkflowStatus): readonly Node[] {
  return [
    ...sources.map((source): Node => ({ part: 'source', ...source })),
    ...stages.map((stage): Node => ({ part: 'stage', ...stage })),
    ...sinks.map((sink): Node => ({ part: 'sink', ...sink })),
  ];
}

const number = { align: 'right', least: 5 } as const;
const alarming = (value: number | undefined, color: Color) => ((value ?? 0) > 0 ? color : undefined);

const columns: readonly Column<Row>[] = [
  { title: 'PART', rank: 6, text: ({ part }) => part },
  { title: 'NODE', rank: 0, most: 40, text: ({ label }) => oneLine(label) },
  { title: 'IN/S', rank: 3, ...number, text: ({ part, rates }) => (part === 'sink' ? '' : short(rates?.in)) },
  {
    title: 'OUT/S',
    rank: 1,
    ...number,
    text: ({ part, rates }) => (part === 'source' ? '' : short(rates?.out)),
  },
  { title: 'IN', rank: 5, ...number, text: (node) => optional(node.in) },
  { title: 'OUT', rank: 4, ...number, text: (node) => optional(node.out) },
  {
    title: 'WAITING',
    rank: 2,
    ...number,
    text: ({ waiting, progress }) => optional(waiting ?? progress?.lag),
  },
  { title: 'RETRIES', rank: 8, ...number, text: ({ retries }) => optional(retries) },
  {
    title: 'DEAD',
    rank: 2,
    ...number,
    text: ({ dead }) => optional(dead),
    color: ({ dead }) => alarming(dead, 'yellow'),
  },
  {
    title: 'REPLACED',
    rank: 9,
    ...number,
    text: ({ replaced }) => optional(replaced),
    color: ({ replaced }) => alarming(replaced, 'magenta'),
  },
  { title: 'READ', rank: 7, ...number, text: ({ progress }) => shareOf(progress) },
];

function optional(value: number | undefined): string {
  return value === undefined ? '' : short(value);
}

/** How much of a source that has an end was read. */
function shareOf(progress: SourceProgress | undefined): string {
  if (progress?.total === undefined || progress.total === 0) return '';
  return `${Math.floor(Math.min(1, progress.done / progress.total) * 100)}%`;
}
