import { type Line, line } from '../lines.ts';
import { oneLine, wrap } from '../printable.ts';
import type { TuiState } from '../state/state.ts';

/** What is shown before anything is known: that no supervisor answers, why, and what can be done. */
export function awayLines({ connection, startable, size }: TuiState): readonly Line[] {
  if (connection.kind !== 'lost') return [line('  looking for the supervisor ...', { dim: true })];
  const { code, message } = connection.error;
  const absent = code === 'supervisor-unavailable' && startable && message.startsWith('no supervisor runs');
  const head = absent ? 'no supervisor runs; press s to start one' : oneLine(message);
  const rest = absent ? [message] : connection.error.hint === undefined ? [] : [connection.error.hint];
  return [
    [],
    ...wrap(head, size.columns - 4, 3).map((text) => line(`  ${text}`, { bold: true })),
    [],
    ...rest
      .flatMap((text) => wrap(text, size.columns - 4, 4))
      .map((text) => line(`  ${text}`, { dim: true })),
    line('  It is looked for every second.', { dim: true }),
  ];
}

/** One line over what was last known. */
export function bannerLine({ connection }: TuiState): Line {
  if (connection.kind !== 'lost') return [];
  return line(` lost, tried again every second: ${oneLine(connection.error.message)}`, {
    color: 'red',
    bold: true,
  });
}
