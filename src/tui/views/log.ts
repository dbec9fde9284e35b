import { type Color, clip, type Line, line } from '../lines.ts';
import { inColumns, oneLine, wrap } from '../printable.ts';
import { paneHeight } from '../state/heights.ts';
import type { Detail, NumberedEntry, TuiState } from '../state/state.ts';
import { clock } from './words.ts';

/** The log up to the newest entry, or up to where it is held still. */
export function logLines(state: TuiState, { log }: Detail): readonly Line[] {
  const { entries, bottom, arrived } = log;
  if (entries.length === 0)
    return [line(arrived === undefined ? '  nothing was logged yet' : '  ...', { dim: true })];
  const height = paneHeight(state);
  const lines: Line[] = [];
  for (const entry of entriesUpTo(entries, bottom).toReversed()) {
    if (lines.length >= height) break;
    lines.unshift(...entryLines(entry, state, height));
  }
  // Of an entry that is higher than what is left of the pane, the end is shown, unless it is the only one.
  return lines.slice(-height);
}

function entriesUpTo(
  entries: readonly NumberedEntry[],
  bottom: number | undefined,
): readonly NumberedEntry[] {
  if (bottom === undefined) return entries;
  const shown = Math.max(0, bottom - (entries[0]?.number ?? 0)) + 1;
  return entries.slice(0, shown);
}

const levelColors: Readonly<Record<NumberedEntry['level'], Color | undefined>> = {
  print: undefined,
  debug: undefined,
  info: 'green',
  warn: 'yellow',
  error: 'red',
  critical: 'red',
};

function entryLines(entry: NumberedEntry, { now, size }: TuiState, most: number): readonly Line[] {
  const { at, stage, level, message } = entry;
  const color = levelColors[level];
  const style = color === undefined ? {} : { color };
  const indent = '    ';
  const start = ` ${clock(at, now)} ${inColumns(oneLine(stage), 30).trimEnd()} `;
  const first = `${level.padEnd(5)} `;
  // The first line has less room, so the start is wrapped along with the text and then cut off.
  const [head = '', ...rest] = wrap(
    `${start}${first}${message.trimEnd()}`,
    size.columns - indent.length,
    most,
  );
  const prefix = start + first;
  const text = head.startsWith(prefix) ? head.slice(prefix.length) : '';
  const dim = level === 'debug' ? { dim: true } : {};
  const opening: Line = [
    { text: start, dim: true },
    { text: first, ...style, ...dim },
    { text, ...(level === 'info' ? {} : style), ...dim },
  ];
  const following = rest.map((each) => [{ text: indent + each, ...(level === 'info' ? {} : style), ...dim }]);
  return [clip(opening, size.columns), ...following];
}
