import { readdir } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findConnector, type OpenContext, type SourceBatch } from '../../../src/connectors/index.ts';
import type { Clock } from '../../../src/connectors/schedule/clock.ts';
import { openSchedule } from '../../../src/connectors/schedule/open-schedule.ts';
import type { Type } from '../../../src/types/index.ts';
import { valuesOf } from '../conformance/source-conformance.ts';
import { failureOf, makeFolder } from '../support.ts';

const timestamp: Type = { kind: 'timestamp' };

/** A clock that goes on to the time that is waited for, until its end is reached: then it waits for ever. */
function clockFrom(start: string, end: string): Clock & { set(time: string): void } {
  let now = Date.parse(start);
  return {
    now: () => now,
    set: (time) => {
      now = Date.parse(time);
    },
    until: (time, signal) => {
      if (time <= Date.parse(end)) now = Math.max(now, time);
      else return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      return Promise.resolve();
    },
  };
}

function contextOf(parameters: Record<string, unknown>, more: Partial<OpenContext> = {}): OpenContext {
  return {
    parameters,
    type: timestamp,
    format: 'json',
    folder: '.',
    messageLimit: 1024,
    workflow: 'test',
    durable: false,
    ...more,
  };
}

/** The messages of so many batches. */
async function take(context: OpenContext, clock: Clock, batches: number): Promise<readonly SourceBatch[]> {
  const source = await openSchedule(context, clock);
  onTestFinished(() => source.close());
  const taken: SourceBatch[] = [];
  const iterator = source.read(new AbortController().signal)[Symbol.asyncIterator]();
  while (taken.length < batches) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}

const timesOf = (batches: readonly SourceBatch[]) => batches.flatMap(valuesOf);

describe('a schedule', () => {
  it('gives each planned time when it has come', async () => {
    const clock = clockFrom('2026-01-01T00:00:30Z', '2026-01-01T01:00:00Z');
    expect(timesOf(await take(contextOf({ cron: '*/5 * * * *' }), clock, 3))).toEqual([
      '2026-01-01T00:05:00.000Z',
      '2026-01-01T00:10:00.000Z',
      '2026-01-01T00:15:00.000Z',
    ]);
  });

  it('may have seconds', async () => {
    const clock = clockFrom('2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z');
    const batches = await take(contextOf({ cron: '*/20 * * * * *' }), clock, 2);
    expect(timesOf(batches)).toEqual(['2026-01-01T00:00:20.000Z', '2026-01-01T00:00:40.000Z']);
  });

  it.each([
    [
      'over the hour that is missing in spring',
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:00', '2026-03-30T00:30'],
    ],
    [
      'over the hour that comes twice in autumn',
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:30', '2026-10-26T01:30'],
    ],
  ])('goes by the clock of its time zone, %s', async (_, start, expected) => {
    const clock = clockFrom(start, '2026-12-31T00:00:00Z');
    const context = contextOf({ cron: '30 2 * * *', timezone: 'Europe/Berlin' });
    expect(timesOf(await take(context, clock, 2))).toEqual(expected.map((time) => `${time}:00.000Z`));
  });

  it.each<[string, Type, string]>([
    ['a Timestamp', timestamp, '"2026-01-01T00:01:00.000Z"'],
    ['nothing', { kind: 'unit' }, 'null'],
    [
      'a record of the time',
      {
        kind: 'named',
        name: 'Tick',
        target: { kind: 'record', fields: [{ name: 'time', type: timestamp }] },
      },
      '{"time":"2026-01-01T00:01:00.000Z"}',
    ],
    ['Json', { kind: 'json' }, '{"time":"2026-01-01T00:01:00.000Z"}'],
  ])('gives %s to a stage that takes it', async (_, type, text) => {
    const clock = clockFrom('2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z');
    const [batch] = await take(contextOf({ cron: '* * * * *' }, { type }), clock, 1);
    expect(Buffer.concat(batch?.items ?? []).toString()).toBe(text);
  });

  describe('that is started again two hours later', () => {
    const positions = { '': { time: '2026-01-01T10:00:00.000Z' } };
    it.each([
      ['skip', ['2026-01-01T12:30:00.000Z', '2026-01-01T13:00:00.000Z']],
      ['run', ['2026-01-01T12:00:00.000Z', '2026-01-01T12:30:00.000Z']],
      ['all', ['2026-01-01T10:30:00.000Z', '2026-01-01T11:00:00.000Z', '2026-01-01T11:30:00.000Z']],
    ])('does what it is told with missed times: %s', async (missed, expected) => {
      const clock = clockFrom('2026-01-01T12:10:00Z', '2026-01-01T20:00:00Z');
      const context = contextOf({ cron: '*/30 * * * *', missed }, { positions, durable: true });
      expect(timesOf(await take(context, clock, 2)).slice(0, 3)).toEqual(expected);
    });
  });

  it('misses nothing that came less than a minute before it started again', async () => {
    const clock = clockFrom('2026-01-01T12:00:40Z', '2026-01-01T20:00:00Z');
    const positions = { '': { time: '2026-01-01T11:30:00.000Z' } };
    const [batch] = await take(contextOf({ cron: '*/30 * * * *' }, { positions }), clock, 1);
    expect(timesOf(batch ? [batch] : [])).toEqual(['2026-01-01T12:00:00.000Z']);
  });

  it('knows when it was started first, although nothing was committed since', async () => {
    const stateFolder = await makeFolder();
    const context = contextOf({ cron: '0 * * * *', missed: 'all' }, { stateFolder, durable: true });
    await take(context, clockFrom('2026-01-01T10:10:00Z', '2026-01-01T10:10:00Z'), 0);
    expect(await readdir(stateFolder)).toHaveLength(1);
    const [batch] = await take(context, clockFrom('2026-01-01T12:10:00Z', '2026-01-01T12:10:00Z'), 1);
    expect(batch && valuesOf(batch)).toEqual(['2026-01-01T11:00:00.000Z', '2026-01-01T12:00:00.000Z']);
  });

  it('catches up many missed times in batches of a bounded size', async () => {
    const positions = { '': { time: '2026-01-01T00:00:00.000Z' } };
    const context = contextOf({ cron: '* * * * * *', missed: 'all' }, { positions });
    const batches = await take(context, clockFrom('2026-01-01T01:00:00Z', '2026-01-01T01:00:00Z'), 14);
    expect(new Set(timesOf(batches)).size).toBe(14 * 256);
    expect(batches.at(-1)?.position).toEqual({ time: '2026-01-01T00:59:44.000Z' });
  });

  it('neither repeats nor drops a time when the clock is set back, and begins anew when it is set back far', async () => {
    const clock = clockFrom('2026-01-01T10:00:00Z', '2026-01-01T20:00:00Z');
    const source = await openSchedule(contextOf({ cron: '*/10 * * * *' }), clock);
    onTestFinished(() => source.close());
    const batches = source.read(new AbortController().signal)[Symbol.asyncIterator]();
    const next = async () => valuesOf((await batches.next()).value as SourceBatch);
    expect(await next()).toEqual(['2026-01-01T10:10:00.000Z']);
    clock.set('2026-01-01T09:55:00Z');
    expect(await next()).toEqual(['2026-01-01T10:20:00.000Z']);
    clock.set('2026-01-01T05:55:00Z');
    expect(await next()).toEqual(['2026-01-01T06:00:00.000Z']);
  });

  it('ends without an error when it is aborted or closed while it waits', async () => {
    for (const how of ['abort', 'close'] as const) {
      const source = await openSchedule(contextOf({ cron: '0 0 1 1 *' }));
      const abort = new AbortController();
      const next = source.read(abort.signal)[Symbol.asyncIterator]().next();
      if (how === 'abort') abort.abort();
      await source.close();
      expect((await next).done).toBe(true);
    }
  });

  it('comes by a real clock, and never before its time', async () => {
    const source = await openSchedule(contextOf({ cron: '* * * * * *' }, { rows: 1 }));
    const late: number[] = [];
    for await (const batch of source.read(new AbortController().signal)) {
      for (const time of valuesOf(batch)) late.push(Date.now() - Date.parse(String(time)));
    }
    expect(late).toHaveLength(1);
    for (const by of late) expect(by).toBeGreaterThanOrEqual(0);
  });

  it.each([
    [
      { cron: '61 * * * *' },
      timestamp,
      'schedule: "61 * * * *" is no cron expression: Invalid value for minute: 61',
    ],
    [{ cron: '* * * *' }, timestamp, /is no cron expression/],
    [{ cron: '0 0 30 2 *' }, timestamp, 'schedule: there is no time that fits "0 0 30 2 *" from now on'],
    [{ cron: '* * * * *', timezone: 'Mars/Base' }, timestamp, 'schedule: there is no time zone "Mars/Base"'],
    [
      { cron: '* * * * *' },
      { kind: 'integer' } as Type,
      'schedule: it gives times, and the first stage takes Integer',
    ],
  ])('says before the start what is wrong with %j', async (parameters, type, message) => {
    const check = findConnector('cron')?.source?.check(contextOf(parameters, { type }));
    const error = await failureOf(check ?? Promise.resolve());
    expect(error.code).toBe('connector-invalid');
    expect(error.message).toMatch(message);
    expect(error.hint).toBeDefined();
  });
});
