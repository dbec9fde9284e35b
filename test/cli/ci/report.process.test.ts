import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nstack } from '../../support/nstack.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ci-'));
  await writeFile(
    join(cwd, 'nstack.yaml'),
    'name: Ci.Told\nstack: python\napi: |\n  double : Integer -> Integer\n',
  );
  await writeFile(join(cwd, 'service.py'), 'def double(value: int) -> int:\n    return 2 * value\n');
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function events(file: string): Promise<readonly Record<string, unknown>[]> {
  const text = await readFile(join(cwd, file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('what a command tells programs', () => {
  it('is a line of JSON for each thing that happens', async () => {
    const { code } = await nstack(['check', '--events=told.ndjson'], { cwd });
    expect(code).toBe(0);
    expect(await events('told.ndjson')).toEqual([
      expect.objectContaining({
        command: 'check',
        event: 'result',
        at: expect.stringMatching(/^\d{4}-.*Z$/),
      }),
    ]);
  });

  it('holds the error with its code, its findings and their places', async () => {
    await writeFile(join(cwd, 'service.py'), 'def double(value: int) -> str:\n    return str(value)\n');
    const { code, stderr } = await nstack(['check', '--ci', '--events=told.ndjson', '--summary=job.md'], {
      cwd,
      env: { GITHUB_ACTIONS: 'true' },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^::error file=.*service\.py,line=1,|^::error file=nstack\.yaml,line=4,/m);
    expect(await events('told.ndjson')).toEqual([
      expect.objectContaining({ event: 'failed', code: 'contract-broken', exitCode: 2 }),
    ]);
    expect(await readFile(join(cwd, 'job.md'), 'utf8')).toContain('does not keep its declared API');
  });

  it('goes to stdout as well, but not beside --json', async () => {
    const { stdout } = await nstack(['check', '--events=-'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ event: 'result' });
    const both = await nstack(['check', '--events=-', '--json'], { cwd });
    expect(both).toMatchObject({ code: 1, stderr: expect.stringContaining('--events=events.ndjson') });
  });

  it('says so where it cannot be written', async () => {
    const { code, stderr } = await nstack(['check', '--events=none/told.ndjson'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('none/told.ndjson cannot be written');
  });
});
