import { count } from '../client/index.ts';

/** A rate or a count in at most six signs: `0.4`, `8`, `9,999`, `12.3k`, `4.56M`; `-` where it is not known. */
export function short(value: number | undefined): string {
  if (value === undefined) return '-';
  if (value === 0) return '0';
  if (value < 9.95) return trimmed(value.toFixed(1));
  if (value < 9_999.5) return count(value);
  for (const [unit, size] of units)
    if (value >= size * 0.9995) return `${(value / size).toPrecision(3)}${unit}`;
  return count(value);
}

const units = [
  ['T', 1e12],
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
] as const;

/** A count in full; `-` where it is not known. */
export function whole(value: number | undefined): string {
  return value === undefined ? '-' : count(value);
}

/** A time span: `0.4 ms`, `35 ms`, `1.2 s`, `3 min`. */
export function span(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '-';
  if (milliseconds < 9.95) return `${trimmed(milliseconds.toFixed(1))} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${trimmed((milliseconds / 1000).toFixed(1))} s`;
  return `${count(milliseconds / 60_000)} min`;
}

/** Bars for values, the newest at the right, in `width` columns; the highest fills its cell. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const top = Math.max(0, ...shown);
  const bars = shown.map((value) =>
    top === 0 || value === 0 ? steps[0] : steps[Math.max(1, Math.round((value / top) * 8))],
  );
  return bars.join('').padStart(width, ' ');
}

const steps = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

function trimmed(text: string): string {
  return text.replace(/\.0$/, '');
}
