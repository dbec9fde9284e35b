import { render } from 'ink-testing-library';
import { describe, expect, it } from 'vitest';
import type { WorkflowStatus } from '../../src/client/index.ts';
import { RunView } from '../../src/tui/index.ts';

const status: WorkflowStatus = {
  phase: 'running',
  elapsed: 2_000,
  sources: [
    { label: 'file', in: 1_234_567, progress: { unit: 'messages', done: 1_234_567, total: 3_000_000 } },
  ],
  stages: [
    { label: 'Clean', in: 1_200_000, out: 1_199_000, dead: 0, retries: 0, replaced: 0, waiting: 0 },
    { label: 'Score', in: 1_199_000, out: 1_198_000, dead: 2, retries: 7, replaced: 1, waiting: 0 },
  ],
  sinks: [{ label: 'file', out: 1_198_000 }],
  deadLetters: 2,
  pending: 34_565,
};

function picture(share: number | undefined, phase: WorkflowStatus['phase'] = 'running'): string {
  const measures = { rate: 412_345, share, eta: share === undefined ? undefined : 4.3 };
  const log = [
    { id: 0, stage: 'Score', level: 'warn', message: 'instance replaced: it closed its output' },
  ] as const;
  return (
    render(<RunView status={{ ...status, phase }} measures={measures} log={log} width={80} />).lastFrame() ??
    ''
  );
}

describe('the live view of a run', () => {
  it('shows a row for each part with its count, the rate, how far it is and what is to go', () => {
    const frame = picture(0.41);
    expect(frame).toContain('1,234,567 read');
    expect(frame).toMatch(/Clean +1,199,000 done/);
    expect(frame).toContain('1,198,000 confirmed');
    expect(frame).toContain('41% 412,345 messages/s 4 s to go');
  });

  it('shows what went wrong beside the stage, and the last log lines', () => {
    const frame = picture(0.41);
    expect(frame).toContain('2 dead, 7 retries, 1 instances replaced');
    expect(frame).toContain('2 dead letters');
    expect(frame).toContain('Score warn: instance replaced: it closed its output');
  });

  it('does without a bar where the size of the source is not known', () => {
    expect(picture(undefined)).not.toContain('%');
  });

  it('says that it is draining', () => {
    expect(picture(0.41, 'draining')).toContain('draining');
  });
});
