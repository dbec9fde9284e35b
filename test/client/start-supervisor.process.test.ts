import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectSupervisor } from '../../src/client/connect-supervisor.ts';
import { type StartSupervisorOptions, startSupervisor } from '../../src/client/start-supervisor.ts';
import { isProcessRunning, packageRoot, socketPath } from '../../src/core/index.ts';

const program = join(packageRoot(), 'test/gateway/fake-supervisor-program.ts');

let folder: string;
const started = new Set<number>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'));
});
afterEach(async () => {
  for (const pid of started) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {}
  }
  started.clear();
  await rm(folder, { recursive: true, force: true });
});

async function start(fake = '', options: Partial<StartSupervisorOptions> = {}) {
  const env = { ...process.env, NSTACK_STATE: join(folder, 'state'), FAKE: fake };
  const found = await startSupervisor({ env, packageRoot: packageRoot(), program, ...options });
  started.add(found.info.pid);
  return { ...found, env };
}

const gone = (pid: number) => expect.poll(() => isProcessRunning(pid), { timeout: 10_000 }).toBe(false);

describe('a supervisor that is started on demand', () => {
  it('outlives who started it, answers, and ends when it is told to', async () => {
    const { info, own, env } = await start();
    expect(own).toBe(true);
    expect(info.stateFolder).toBe(env.NSTACK_STATE);
    expect((await stat(env.NSTACK_STATE)).mode & 0o777).toBe(0o700);
    expect((await stat(join(env.NSTACK_STATE, 'supervisor.log'))).mode & 0o777).toBe(0o600);
    const client = await connectSupervisor({ env });
    expect((await client.info()).pid).toBe(info.pid);
    await client.stopSupervisor({ now: false });
    await gone(info.pid);
    await expect(stat(socketPath(env.NSTACK_STATE))).rejects.toThrow('ENOENT');
    const log = await readFile(join(env.NSTACK_STATE, 'supervisor.log'), 'utf8');
    expect(log).toMatch(/ready: unix:.*\n.*ending: what was read is finished first\n.*ended\n$/);
    client.close();
  });

  it('is one where two start at once', async () => {
    const [one, two, three] = await Promise.all([start(), start(), start()]);
    expect(new Set([one, two, three].map(({ info }) => info.pid)).size).toBe(1);
    expect([one, two, three].filter(({ own }) => own)).toHaveLength(1);
  });

  it('takes the place of one that was killed, and its socket', async () => {
    const first = await start();
    process.kill(first.info.pid, 'SIGKILL');
    await gone(first.info.pid);
    expect((await stat(socketPath(first.env.NSTACK_STATE))).isSocket()).toBe(true);
    const second = await start();
    expect(second.own).toBe(true);
    expect(second.info.pid).not.toBe(first.info.pid);
  });

  it('is started by the first call that needs one, and not by the second', async () => {
    const env = { ...process.env, NSTACK_STATE: join(folder, 'state') };
    const pids: number[] = [];
    const autostart = {
      packageRoot: packageRoot(),
      program,
      onStarted: ({ info }: { info: { pid: number } }) => {
        pids.push(info.pid);
        started.add(info.pid);
      },
    };
    for (let time = 0; time < 2; time++) {
      const client = await connectSupervisor({ env, autostart });
      expect(await client.list()).toEqual([]);
      client.close();
    }
    expect(pids).toHaveLength(1);
  });

  it('listens on TCP where it is asked to, with a token of its own', async () => {
    const { info, env } = await start('', { args: ['--listen', '127.0.0.1:0'] });
    const url = info.listens[1];
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const token = (await readFile(join(env.NSTACK_STATE, 'token'), 'utf8')).trim();
    const client = await connectSupervisor({ env: { NSTACK_SUPERVISOR: url, NSTACK_TOKEN: token } });
    expect((await client.info()).pid).toBe(info.pid);
    client.close();
  });

  it('shows the last lines of its log where it dies at once', async () => {
    await expect(start('die')).rejects.toMatchObject({
      code: 'supervisor-unavailable',
      message: 'the supervisor could not be started: it ended (exit code 3)',
      hint: expect.stringMatching(/fake: opening\nsomething terrible\nIts log is .*supervisor\.log/),
    });
  });

  it('is given up on where it does not get ready', async () => {
    await expect(start('hang', { deadline: 3_000 })).rejects.toThrow('not ready within 3 seconds');
  });

  it('says what is wrong with how it is started', async () => {
    await expect(start('', { args: ['--listen=0.0.0.0:0'] })).rejects.toMatchObject({ code: 'usage' });
    await expect(start('', { args: ['--connection=x'] })).rejects.toMatchObject({ code: 'usage' });
    await rm(join(folder, 'state'), { recursive: true });
    await writeFile(join(folder, 'state'), 'a file');
    await expect(start()).rejects.toMatchObject({ code: 'file-unwritable' });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends in order by %s, and at once by the second',
    async (signal) => {
      const { info, env } = await start('drain');
      process.kill(info.pid, signal);
      const log = () => readFile(join(env.NSTACK_STATE, 'supervisor.log'), 'utf8');
      await expect.poll(log).toContain('ending: what was read is finished first');
      expect(await isProcessRunning(info.pid)).toBe(true);
      process.kill(info.pid, signal);
      await gone(info.pid);
      expect(await log()).toMatch(/ending at once\n.*ended\n$/);
    },
  );

  it('that ends in order can be told to end now by another call', async () => {
    const { info, env } = await start('drain');
    const client = await connectSupervisor({ env });
    const patient = client.stopSupervisor({ now: false });
    await expect
      .poll(async () => (await client.start({ name: 'x' }).catch((error) => error)).message)
      .toContain('is ending');
    await client.stopSupervisor({ now: true });
    await patient;
    await gone(info.pid);
    client.close();
  });
});
