import { describe, expect, it } from 'vitest';
import { githubAnnotations } from '../../../src/cli/ci/github-annotations.ts';
import { createJobSummary } from '../../../src/cli/ci/job-summary.ts';
import { createReport, type ReportEvent } from '../../../src/cli/ci/report.ts';

const place = { file: 'services/click,one/nstack.yaml', line: 3, column: 7 };

function summaryOf(...events: readonly ReportEvent[]): string {
  const job = createJobSummary();
  const report = createReport('build', [job.take]);
  for (const event of events) report.tell(event);
  return job.text();
}

describe('the summary of a job', () => {
  it('has a row for each service, and the steps that took time', () => {
    const text = summaryOf(
      { event: 'step-began', step: 'install the packages' },
      { event: 'step-ended', step: 'install the packages', seconds: 12.34 },
      {
        event: 'result',
        result: { name: 'Click', version: '1.0.0', changed: true, seconds: 14.2, size: 114_200_000 },
      },
    );
    expect(text).toContain('| Click 1.0.0 | built in 14.2 s | 114 MB |');
    expect(text).toContain('install the packages | 12.3');
  });

  it('says what went wrong, where, and the way out', () => {
    const text = summaryOf({
      event: 'failed',
      code: 'contract-broken',
      exitCode: 2,
      message: 'Click breaks its API',
      hint: 'mend it',
      findings: [{ code: 'x', severity: 'error', message: 'score gives int', place }],
    });
    expect(text).toContain('failed: Click breaks its API');
    expect(text).toContain('services/click,one/nstack.yaml:3:7: error: score gives int');
    expect(text).toContain('mend it');
  });

  it('is not broken out of by what an author has written', () => {
    const text = summaryOf({
      event: 'failed',
      code: 'build-failed',
      exitCode: 2,
      message: '<script>x</script> | ````\n# heading',
      findings: [],
    });
    expect(text).toContain('&lt;script&gt;');
    expect(text).toMatch(/^`{5}text$/m);
  });

  it('is empty where nothing was told', () => {
    expect(createJobSummary().text()).toBe('');
  });
});

describe('annotations on GitHub', () => {
  const annotationsOf = (event: ReportEvent) => {
    const lines: string[] = [];
    createReport('build', [githubAnnotations((text) => lines.push(text))]).tell(event);
    return lines.join('');
  };

  it('stand at the line that is meant', () => {
    const finding = { code: 'unknown-key', severity: 'error', message: 'there is no key x', place } as const;
    expect(annotationsOf({ event: 'finding', finding })).toBe(
      '::error file=services/click%2Cone/nstack.yaml,line=3,col=7,title=nstack%3A unknown-key::there is no key x\n',
    );
  });

  it('cannot be made into other commands by what an author has written', () => {
    const text = annotationsOf({
      event: 'failed',
      code: 'build-failed',
      exitCode: 2,
      message: 'no\n::set-env name=PATH::evil',
      findings: [],
    });
    expect(text.trimEnd().split('\n')).toHaveLength(1);
  });
});
