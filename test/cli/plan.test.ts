import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nstack } from '../support/nstack.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'plan-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe('nstack plan', () => {
  it('tells faults of syntax where they were typed, before it looks for an engine', async () => {
    const env = { DOCKER_HOST: `unix://${cwd}/none.sock` };
    const { stderr, code } = await nstack(['plan', 'Clean', '--source=kafka/a &', '--sink=(log'], {
      cwd,
      env,
    });
    expect(stderr).toContain('--source:1:9');
    expect(stderr).toContain('--sink:1:5');
    expect(code).toBe(1);
  });

  it('tries again later when no engine answers', async () => {
    const env = { DOCKER_HOST: `unix://${cwd}/none.sock` };
    expect((await nstack(['plan', 'stdin -> Clean -> log'], { cwd, env })).code).toBe(75);
  });

  it('refuses a file that is not there, and one with a fault, by its line', async () => {
    const absent = await nstack(['plan', 'absent.nstack'], { cwd });
    expect(absent).toMatchObject({ code: 1, stdout: '' });
    expect(absent.stderr).toContain('absent.nstack');
    await writeFile(join(cwd, 'w.nstack'), '// flights\nw = stdin ->\n');
    const { stderr, code } = await nstack(['plan', 'w.nstack', '--sink=log'], { cwd });
    expect(stderr).toContain('w.nstack:3:1');
    expect(code).toBe(1);
  });
});
