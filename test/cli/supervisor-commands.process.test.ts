import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isProcessRunning } from '../../src/core/index.ts';
import * as program from '../support/nstack.ts';

let cwd: string;
let env: { readonly NSTACK_STATE: string };
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'supervisor-'));
  env = { NSTACK_STATE: join(cwd, 'state') };
});
afterEach(async () => {
  await nstack('supervisor', 'stop', '--now');
  await rm(cwd, { recursive: true, force: true });
});

const nstack = (...args: string[]) => program.nstack(args, { cwd, env });
const status = async () => JSON.parse((await nstack('supervisor', 'status', '--json')).stdout);
const gone = (pid: number) => expect.poll(() => isProcessRunning(pid), { timeout: 10_000 }).toBe(false);

describe('nstack supervisor', () => {
  it('is started, looked at and stopped', async () => {
    const started = await nstack('supervisor', 'start');
    expect(started).toMatchObject({ code: 0, stdout: '' });
    expect(started.stderr).toContain(`unix:${env.NSTACK_STATE}/supervisor.sock`);
    const { pid, stateFolder } = await status();
    expect(stateFolder).toBe(env.NSTACK_STATE);
    expect((await nstack('supervisor', 'status')).stdout).toContain(`process     ${pid}`);
    const again = await nstack('supervisor', 'start');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).toContain(`runs already (process ${pid})`);
    const other = await nstack('supervisor', 'start', '--listen=7700');
    expect(other).toMatchObject({ code: 1 });
    expect(other.stderr).toContain('supervisor stop');
    expect((await nstack('supervisor', 'stop')).code).toBe(0);
    await gone(pid);
    expect((await nstack('supervisor', 'status')).code).toBe(75);
  });

  it('is one where two are started at once', async () => {
    const both = await Promise.all([nstack('supervisor', 'start'), nstack('supervisor', 'start')]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const [one, two] = both.map(({ stderr }) => /process (\d+)/.exec(stderr)?.[1]);
    expect(one).toBe(two);
  });

  it('answers on TCP to who has its token', async () => {
    const { stderr } = await nstack('supervisor', 'start', '--listen=127.0.0.1:0');
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(stderr)?.[0];
    expect(stderr).toContain(join(env.NSTACK_STATE, 'token'));
    const token = (await readFile(join(env.NSTACK_STATE, 'token'), 'utf8')).trim();
    const remote = { NSTACK_STATE: cwd, NSTACK_SUPERVISOR: url ?? '', NSTACK_TOKEN: token };
    const asked = await program.nstack(['ps', '--json'], { cwd, env: remote });
    expect(asked).toMatchObject({ code: 0, stdout: '[]\n' });
  });

  it('stays in the terminal where it is told to, and ends with it', async () => {
    const running = program.start(['supervisor', 'start', '--foreground'], { cwd, env });
    await running.said('ready: ');
    expect((await status()).pid).toBe(running.child.pid);
    const second = await program.nstack(['supervisor', 'start', '--foreground'], { cwd, env });
    expect(second.code).toBe(75);
    expect(second.stderr).toContain(`(process ${running.child.pid}) already runs`);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0 });
    await expect(stat(join(env.NSTACK_STATE, 'supervisor.sock'))).rejects.toThrow('ENOENT');
  });

  it('is not reached from other machines by mistake', async () => {
    const { code, stderr } = await nstack('supervisor', 'start', '--listen=0.0.0.0:0');
    expect(code).toBe(1);
    expect(stderr).toContain('--insecure-listen');
  });

  it('starts with the first workflow', async () => {
    const { code, stderr } = await nstack('start', 'no-such-workflow');
    expect(stderr).toContain('started a supervisor (process');
    expect(stderr).toContain('there is no workflow "no-such-workflow"');
    expect(code).toBe(1);
    expect((await status()).workflows).toBe(0);
  });

  it('prints units that systemd takes', async () => {
    for (const args of [[], ['--system']]) {
      const { stdout } = await nstack('supervisor', 'unit', ...args);
      expect(stdout).toContain(`ExecStart=${process.execPath} ${join(program.root, 'dist/supervisor.mjs')}`);
      expect(stdout).toContain('Restart=always');
      const path = join(cwd, 'nstack.service');
      await writeFile(path, stdout);
      const { complaints } = await verify(path, args.length > 0 ? 'system' : 'user');
      expect(complaints).not.toContain('nstack.service:');
    }
  });
});

/** What systemd says of a unit file; nothing where systemd is not at hand. */
function verify(path: string, kind: 'system' | 'user'): Promise<{ complaints: string }> {
  return new Promise((resolve) => {
    execFile('systemd-analyze', [`--${kind}`, 'verify', path], (_error, _stdout, stderr) =>
      resolve({ complaints: stderr }),
    );
  });
}
