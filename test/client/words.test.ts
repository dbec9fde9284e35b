import { describe, expect, it } from 'vitest';
import { closingLine, count, createMeasurer, duration } from '../../src/client/index.ts';
import type { WorkflowStatus } from '../../src/workflow/index.ts';

function at(elapsed: number, out: number, total?: number): WorkflowStatus {
  const progress =
    total === undefined
      ? ({ unit: 'messages', done: out } as const)
      : ({ unit: 'messages', done: out, total } as const);
  return {
    phase: 'running',
    elapsed,
    sources: [{ label: 'file', in: out, progress }],
    stages: [],
    sinks: [{ label: 'file', out }],
    deadLetters: 0,
    pending: 0,
  };
}

describe('what a run says of itself', () => {
  it('groups thousands', () => {
    expect([0, 12, 999, 1_000, 1_234_567, 1e9, 12.5].map(count)).toEqual([
      '0',
      '12',
      '999',
      '1,000',
      '1,234,567',
      '1,000,000,000',
      '13',
    ]);
  });

  it('ends with in, out, dead letters, lost, the rate and the place', () => {
    const outcome = {
      how: 'complete',
      in: 3_000_000,
      out: 2_999_998,
      deadLetters: 2,
      lost: 0,
      milliseconds: 7_500,
      where: 'out.ndjson',
      deadLetterFile: 'dead.ndjson',
    } as const;
    expect(closingLine(outcome)).toBe(
      'done: 3,000,000 in, 2,999,998 out, 2 dead letters (dead.ndjson), 0 lost, 400,000 messages/s, out.ndjson',
    );
    expect(closingLine({ ...outcome, how: 'stopped' })).toMatch(/^stopped: /);
  });

  it('measures the rate over the last seconds and what is to go', () => {
    const measure = createMeasurer();
    measure(at(0, 0, 1_000));
    expect(measure(at(1_000, 100, 1_000))).toEqual({ rate: 100, share: 0.1, eta: 9 });
    for (let second = 2; second <= 7; second++) measure(at(second * 1_000, 100 + (second - 1) * 10, 1_000));
    expect(measure(at(8_000, 170, 1_000)).rate).toBeCloseTo(10);
  });

  it('knows neither share nor time where the source has no size', () => {
    const measure = createMeasurer();
    measure(at(0, 0));
    expect(measure(at(1_000, 100))).toEqual({ rate: 100, share: undefined, eta: undefined });
  });

  it.each([
    [4.4, '4 s'],
    [65, '1 min 5 s'],
    [3_725, '1 h 2 min'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});
