import { type Color, clip, type Line, windowAround } from './lines.ts';
import { columnsOf, inColumns } from './printable.ts';

/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** Printable text of a cell. */
  text(row: Row): string;
  color?(row: Row): Color | undefined;
  readonly align?: 'left' | 'right';
  /** Where there is no room for all, the highest goes first; 0 always stays. */
  readonly rank: number;
  /** Columns that it takes at least, so that growing numbers do not move their neighbours. */
  readonly least?: number;
  /** Columns that it takes at the most. */
  readonly most?: number;
  /** Takes what the others leave; the last column alone. */
  readonly fill?: boolean;
}

export interface TableOptions<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Index of the row that is marked; undefined: none. */
  readonly selected?: number;
  /** Index of the row that must be seen, where none is marked. */
  readonly around?: number;
  readonly width: number;
  /** Lines in all, the head among them. */
  readonly height: number;
}

const gap = 2;
const mark = 2;

/** A head and the rows that inColumns, in columns; the selected row has a mark in front and is inverse. */
export function tableLines<Row>({
  columns,
  rows,
  selected,
  around,
  width,
  height,
}: TableOptions<Row>): readonly Line[] {
  const laid = layOut(columns, rows, width - mark);
  const head = laid
    .map(({ column, width: cell }) => inColumns(column.title, cell, column.align))
    .join(' '.repeat(gap));
  const { from, to } = windowAround(selected ?? around ?? 0, rows.length, height - 1);
  const body = rows.slice(from, to).map((row, index): Line => {
    const marked = from + index === selected;
    const cells = laid.map(({ column, width: cell }, place) => {
      const color = marked ? undefined : column.color?.(row);
      return {
        text: `${place === 0 ? '' : ' '.repeat(gap)}${inColumns(column.text(row), cell, column.align)}`,
        ...(color === undefined ? {} : { color }),
        ...(marked ? { inverse: true } : {}),
      };
    });
    return clip([{ text: marked ? '> ' : '  ', bold: marked }, ...cells], width);
  });
  return [[{ text: `  ${head}`.slice(0, width), dim: true }], ...body];
}

interface Laid<Row> {
  readonly column: Column<Row>;
  readonly width: number;
}

/** The columns that have room, with their widths. */
function layOut<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  room: number,
): readonly Laid<Row>[] {
  let laid = columns.map((column) => ({ column, width: widthOf(column, rows) }));
  const total = () => laid.reduce((sum, { width }) => sum + width + gap, -gap);
  while (total() > room) {
    const last = Math.max(...laid.map(({ column }) => column.rank));
    if (last === 0) break;
    laid = laid.filter(({ column }) => column.rank !== last);
  }
  const spare = room - total();
  return laid.map(({ column, width }) => ({
    column,
    width: column.fill === true ? width + Math.max(0, spare) : width,
  }));
}

function widthOf<Row>(
  { title, text, least = 0, most = 1_000, fill = false }: Column<Row>,
  rows: readonly Row[],
): number {
  if (fill) return Math.max(title.length, least);
  const widest = rows.reduce((width, row) => Math.max(width, columnsOf(text(row))), 0);
  return Math.min(most, Math.max(title.length, least, widest));
}
