import { describe, expect, it } from 'vitest';
import { renderReport } from '../../src/verify/render-report.ts';
import { type Expectation, faultsOf, type VerifyReport } from '../../src/verify/report.ts';

const output = {
  label: 'kafka/out',
  received: 1_003,
  arrived: 998,
  lost: 1,
  duplicated: 5,
  reordered: 2,
  foreign: 0,
  first: { lost: [7], duplicated: [3, 4], reordered: [9, 10] },
};

function reportOf(changes: Partial<VerifyReport> = {}): VerifyReport {
  const report: VerifyReport = {
    verdict: 'passed',
    faults: [],
    workflow: 'verify-abc123',
    text: 'kafka/in -> A -> kafka/out',
    run: 'abc123',
    seed: 1,
    expected: [],
    started: '2026-01-01T00:00:00.000Z',
    seconds: 61,
    rate: 1_234,
    messages: 1_000,
    sent: 1_000,
    outputs: [output],
    deadLetters: { count: 1, foreign: 0, first: [{ number: 8, stage: 'A', message: 'no' }] },
    kills: 2,
    injected: [{ kind: 'service', what: 'killed A', at: '2026-01-01T00:00:01.000Z', progress: 0.5 }],
    restarts: [{ at: '2026-01-01T00:00:01.000Z', why: 'its data path died (SIGKILL)' }],
    leftovers: [],
    ...changes,
  };
  return { ...report, faults: faultsOf(report) };
}

const expecting = (...expected: readonly Expectation[]) => reportOf({ expected }).faults;

describe('the report of an audit', () => {
  it('fails for what was lost, whatever is expected, and for other promises where they were asked for', () => {
    expect(expecting()).toEqual(['kafka/out: 1 lost']);
    expect(expecting('exactly-once')).toContain('kafka/out: 5 duplicated, and exactly once was expected');
    expect(expecting('order')).toContain('kafka/out: 2 reordered, and order was expected');
  });

  it('fails where something is left over and that was to be clean', () => {
    const leftovers = [{ kind: 'process', what: 'process 7: node' }] as const;
    expect(reportOf({ leftovers, expected: ['clean'] }).faults).toContain('left over: 1');
    expect(reportOf({ leftovers }).faults).not.toContain('left over: 1');
  });

  it('fails where not all could be put in, where the workflow failed, and where all are dead letters', () => {
    expect(reportOf({ sent: 3 }).faults).toContain('only 3 of 1000 messages could be put in');
    const failure = { code: 'usage', message: 'no such topic', diagnostics: [] } as const;
    expect(reportOf({ failure }).faults).toContain('the workflow failed: no such topic');
    const outputs = [{ ...output, lost: 0, arrived: 0 }];
    expect(reportOf({ outputs }).faults).toContain('kafka/out: nothing came out, all are dead letters');
  });

  it('is a table, what was done, the first numbers of each problem, and the verdict', () => {
    expect(renderReport(reportOf())).toBe(`\
output     came out  lost  duplicated  reordered  foreign
kafka/out       998     1           5          2        0

sent          1,000
dead letters  1
faults        1 (1 service), of 2 asked for
restarts      1 (1 its data path died (SIGKILL))
leftovers     none
time          1 min 1 s, 1,234 messages/s
lost: 7 (kafka/out, run abc123)
duplicated: 3, 4 (kafka/out, run abc123)
reordered: 9, 10 (kafka/out, run abc123)
dead letters: A: no (8)

failed: kafka/out: 1 lost
`);
  });
});
