import { duration, type WorkflowState } from '../../client/index.ts';
import type { Color } from '../lines.ts';

export const stateColors: Readonly<Record<WorkflowState, Color | undefined>> = {
  defined: undefined,
  starting: 'cyan',
  running: 'green',
  paused: 'yellow',
  stopping: 'yellow',
  stopped: undefined,
  restarting: 'magenta',
  ended: 'blue',
  failed: 'red',
};

/** How long ago that was. */
export function since(at: string, now: number): string {
  const seconds = (now - Date.parse(at)) / 1000;
  if (Number.isNaN(seconds)) return '-';
  return seconds >= 86_400
    ? `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`
    : duration(Math.max(0, seconds));
}

/** An ISO 8601 time as the wall clock here shows it, with the day where it is another. */
export function clock(at: string, now: number): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return '-';
  const hours = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  const today = new Date(now).toDateString() === time.toDateString();
  return today ? hours : `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${hours}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
