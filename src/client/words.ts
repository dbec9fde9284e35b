import type { WorkflowOutcome } from '../workflow/index.ts';

/** `1234567` as `1,234,567`. By hand, since `Intl` takes 15 ms to load. */
export function count(value: number): string {
  return value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Seconds as `8 s`, `2 min 5 s` or `1 h 4 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** The line that a run ends with: in, out, dead letters, lost, messages a second, and where the result is. */
export function closingLine(outcome: WorkflowOutcome): string {
  const { how, in: read, out, deadLetters, lost, milliseconds, where, deadLetterFile } = outcome;
  const rate = milliseconds > 0 ? (read * 1000) / milliseconds : 0;
  const parts = [
    `${count(read)} in`,
    `${count(out)} out`,
    `${count(deadLetters)} dead letters${deadLetterFile === undefined ? '' : ` (${deadLetterFile})`}`,
    `${count(lost)} lost`,
    `${count(rate)} messages/s`,
    where,
  ];
  return `${how === 'complete' ? 'done' : 'stopped'}: ${parts.join(', ')}`;
}
