import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenContext, Source } from '../connector.ts';
import { fileError } from '../records/file-error.ts';
import { type Calendar, createCalendar } from './calendar.ts';
import { type Clock, systemClock } from './clock.ts';
import { createScheduleSource, type SchedulePosition } from './schedule-source.ts';
import { timeMessage } from './time-message.ts';

interface Schedule {
  readonly calendar: Calendar;
  readonly missed: 'skip' | 'run' | 'all';
  message(time: number): string;
}

/** Throws where the parameters make no schedule, or its messages would not fit the type. */
export function readSchedule({ parameters, type }: OpenContext, now = Date.now()): Schedule {
  const { cron, timezone = 'UTC', missed } = parameters;
  return {
    calendar: createCalendar(String(cron), String(timezone), now),
    missed: missed === 'run' || missed === 'all' ? missed : 'skip',
    message: timeMessage(type),
  };
}

export async function openSchedule(context: OpenContext, clock: Clock = systemClock): Promise<Source> {
  return createScheduleSource({
    ...readSchedule(context, clock.now()),
    clock,
    since: await since(context, clock.now()),
    rows: context.rows ?? Number.POSITIVE_INFINITY,
  });
}

/** The last planned time that was committed; before there is one, the time of the first start, which the state folder keeps. */
async function since({ positions, stateFolder, parameters }: OpenContext, now: number): Promise<number> {
  const position = positions?.[''] as SchedulePosition | undefined;
  if (position?.time !== undefined) return Date.parse(position.time);
  if (stateFolder === undefined) return now;
  const name = createHash('sha256').update(JSON.stringify(parameters)).digest('hex').slice(0, 16);
  const path = join(stateFolder, `schedule-${name}`);
  const kept = Date.parse(await readFile(path, 'utf8').catch(() => ''));
  if (!Number.isNaN(kept)) return kept;
  try {
    await mkdir(stateFolder, { recursive: true });
    await writeFile(path, new Date(now).toISOString());
  } catch (error) {
    throw fileError(error, 'write', path);
  }
  return now;
}
