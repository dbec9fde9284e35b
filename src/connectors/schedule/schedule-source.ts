import type { Source, SourceBatch } from '../connector.ts';
import type { Calendar } from './calendar.ts';
import type { Clock } from './clock.ts';

/** A planned time that is further back counts as missed: a workflow that is started again at once misses none. */
const grace = 60_000;
/** A time that was given and is further ahead was given by a clock that has been set right since. */
const ahead = 3_600_000;
const mostInBatch = 256;

export interface SchedulePosition {
  /** The planned time, RFC 3339. */
  readonly time: string;
}

export interface ScheduleOptions {
  readonly calendar: Calendar;
  readonly clock: Clock;
  /** `skip`: no message for missed times; `run`: one, with the last of them; `all`: one each. */
  readonly missed: 'skip' | 'run' | 'all';
  /** Times after this one are to come. */
  readonly since: number;
  readonly rows: number;
  message(time: number): string;
}

/**
 * A message for each time of the calendar, with the planned time, when it has come. It goes from one planned time to the next, so it does not drift, and a
 * clock that is set back by less than an hour repeats none.
 */
export function createScheduleSource(options: ScheduleOptions): Source {
  const { calendar, clock, missed, rows, message } = options;
  const ending = new AbortController();
  let last = options.since;
  let done = 0;

  /** The planned times that have come, oldest first, and not more than make a batch. */
  function due(now: number): number[] {
    const recent = now - grace;
    if (last > now + ahead) last = now;
    const times: number[] = [];
    if (missed !== 'all' && last < recent) {
      const latest = calendar.last(recent);
      if (missed === 'run' && latest !== undefined && latest > last) times.push(latest);
      last = Math.max(last, latest ?? last);
    }
    while (times.length < Math.min(mostInBatch, rows - done)) {
      const next = calendar.next(times.at(-1) ?? last);
      if (next === undefined || next > now) break;
      times.push(next);
    }
    return times;
  }

  async function* read(signal: AbortSignal): AsyncGenerator<SourceBatch, void, undefined> {
    const stop = AbortSignal.any([signal, ending.signal]);
    while (!stop.aborted && done < rows) {
      const times = due(clock.now());
      const latest = times.at(-1);
      if (latest === undefined) {
        const next = calendar.next(last);
        if (next === undefined) return;
        await clock.until(next, stop);
        continue;
      }
      last = latest;
      done += times.length;
      yield {
        items: [Buffer.from(times.map(message).join(','))],
        count: times.length,
        rejected: [],
        position: { time: new Date(latest).toISOString() } satisfies SchedulePosition,
      };
    }
  }

  return {
    read,
    async commit() {},
    async close() {
      ending.abort();
    },
    progress: () => ({ unit: 'messages', done, total: rows === Number.POSITIVE_INFINITY ? undefined : rows }),
  };
}
