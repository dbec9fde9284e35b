import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { commands } from '../../src/cli/commands/index.ts';
import { nstack, program } from '../support/nstack.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'cli-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe('the command line', () => {
  it('prints its version', async () => {
    expect(await nstack(['--version'], { cwd })).toMatchObject({
      code: 0,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    });
  });

  it('lists every command', async () => {
    const { stdout, code } = await nstack(['--help'], { cwd });
    for (const { usage } of commands) expect(stdout).toContain(usage.split(' ')[0]);
    expect(code).toBe(0);
  });

  it.each(commands.map((command) => [command.usage.split(/ (?=[[<])/)[0] ?? '', command] as const))(
    'explains %s with an example',
    async (name, command) => {
      const { stdout, code } = await nstack([...name.split(' '), '--help'], { cwd });
      expect(stdout).toContain('Examples:');
      for (const example of command.examples) expect(stdout).toContain(example);
      expect(code).toBe(0);
    },
  );

  it('names the nearest command and ends with 1', async () => {
    const { stderr, code } = await nstack(['biuld'], { cwd });
    expect(stderr).toContain('build');
    expect(code).toBe(1);
  });

  it('ends with 1 for an option that there is not, a number that is none, and a missing argument', async () => {
    for (const args of [
      ['run', 'x', '--rwos=3'],
      ['run', 'file/a.ndjson -> A -> stdout', '--rows=many'],
      ['call'],
    ]) {
      const { stderr, code } = await nstack(args, { cwd });
      expect(stderr).not.toContain('    at ');
      expect(code).toBe(1);
    }
  });

  it('says what to do in a folder without a service', async () => {
    const { stderr, code } = await nstack(['check'], { cwd });
    expect(stderr).toContain('nstack.yaml');
    expect(stderr).toContain('nstack init');
    expect(code).toBe(1);
  });

  it('shows every fault of a manifest with its line', async () => {
    await writeFile(join(cwd, 'nstack.yaml'), 'name: Demo\nstakc: python\napi: |\n  f : Txt -> Text\n');
    await writeFile(join(cwd, 'service.py'), 'def f(x: str) -> str:\n    return x\n');
    const { stderr, code } = await nstack(['check'], { cwd });
    expect(stderr).toContain('nstack.yaml:2:1');
    expect(stderr).toContain('nstack.yaml:4:7');
    expect(stderr).toContain('did you mean');
    expect(code).toBe(1);
  });

  it('tries again later when no engine answers, and says what was tried', async () => {
    const { stderr, code } = await nstack(['list'], { cwd, env: { DOCKER_HOST: `unix://${cwd}/none.sock` } });
    expect(stderr).toContain('none.sock');
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(75);
  });

  it('says nothing of what libraries should do otherwise', async () => {
    const { stderr } = await nstack(['list'], { cwd, env: { DOCKER_HOST: 'tcp://127.0.0.1:9' } });
    expect(stderr).toMatch(/^error: no container engine answers: tried DOCKER_HOST=tcp:/);
  });

  it('states the Node version it needs to one that is too old', async () => {
    const old = join(cwd, 'old.cjs');
    await writeFile(old, "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });");
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) =>
      execFile(process.execPath, ['-r', old, program, '--version'], (error, _stdout, text) =>
        resolve({ code: error?.code, stderr: text }),
      ),
    );
    expect(stderr).toContain('needs Node 22.13');
    expect(code).toBe(1);
  });

  it('refuses a workflow file that is not there, and a text that is none', async () => {
    const missing = await nstack(['run', 'absent.nstack'], { cwd });
    expect(missing.stderr).toContain('absent.nstack');
    expect(missing.code).toBe(1);
  });
});
