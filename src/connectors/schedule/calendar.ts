import { Cron } from 'croner';
import { NstackError } from '../../core/index.ts';

/** The times of a cron expression on the clock of a time zone, summer time and all. Times are milliseconds since 1970. */
export interface Calendar {
  /** The first time after another; undefined where there is none. */
  next(after: number): number | undefined;
  /** The last time before another. */
  last(before: number): number | undefined;
}

/** Throws where the expression or the zone cannot be read, or there is no such time: `0 0 30 2 *`. */
export function createCalendar(expression: string, timezone: string, now: number): Calendar {
  const zone = checkedZone(timezone);
  const cron = checkedCron(expression, zone);
  if (cron.nextRun(new Date(now)) === null) {
    throw new NstackError(
      'connector-invalid',
      `schedule: there is no time that fits "${expression}" from now on`,
      {
        hint: 'The fields are minute, hour, day of the month, month and weekday: "0 6 * * 1-5" is six o\'clock from Monday to Friday.',
      },
    );
  }
  return {
    next: (after) => cron.nextRun(new Date(after))?.getTime(),
    last: (before) => cron.previousRuns(1, new Date(before))[0]?.getTime(),
  };
}

function checkedZone(timezone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone;
  } catch (cause) {
    throw new NstackError('connector-invalid', `schedule: there is no time zone "${timezone}"`, {
      hint: 'Name one of the tz database: timezone = "Europe/Berlin", or "UTC".',
      cause,
    });
  }
}

function checkedCron(expression: string, timezone: string): Cron {
  try {
    return new Cron(expression, { timezone, mode: '5-or-6-parts', paused: true });
  } catch (cause) {
    const words = cause instanceof Error ? cause.message.replace(/^CronPattern: /, '') : String(cause);
    throw new NstackError('connector-invalid', `schedule: "${expression}" is no cron expression: ${words}`, {
      hint: 'It has five fields, minute, hour, day of the month, month and weekday, or six with seconds in front: schedule/"*/5 * * * *".',
      cause,
    });
  }
}
