import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Served, serveFake, token } from '../gateway/serve-fake.ts';
import * as program from '../support/nstack.ts';

// The commands run as a user runs them; the supervisor that they talk to is in memory, behind the real gateway.

let served: Served;
let cwd: string;
beforeEach(async () => {
  served = await serveFake();
  cwd = await mkdtemp(join(tmpdir(), 'commands-'));
});
afterEach(async () => {
  await served.close();
  await rm(cwd, { recursive: true, force: true });
});

const env = () => ({ NSTACK_STATE: served.folder });
const nstack = (...args: string[]) => program.nstack(args, { cwd, env: env() });
const clicks = { name: 'clicks', text: 'kafka/clicks -> Clean -> log', file: '<workflow>', folder: '/' };
const letter = {
  stage: 'Clean',
  attempts: 3,
  place: 'clicks/0:17',
  error: { code: -32000, message: 'ValueError: no', data: { stack: 'Traceback\n  service.py, line 3' } },
  message: { json: '{"a":"\u001b[31m"}' },
};

describe('start', () => {
  it('starts a text, a file and a known name, and prints what became of it', async () => {
    const text = await nstack(
      'start',
      'Clean',
      '--source=kafka/clicks',
      '--sink=log',
      '--name=a',
      '--attempts=7',
    );
    expect(text).toMatchObject({ code: 0, stdout: 'a v1 running\n', stderr: '' });
    expect(served.supervisor.get('a').text.split(/\s+/)).toEqual([
      'kafka/clicks',
      '->',
      'Clean',
      '->',
      'log',
    ]);
    await writeFile(join(cwd, 'flow.nstack'), 'b = kafka/clicks -> Clean -> log');
    expect((await nstack('start', 'flow.nstack')).stdout).toBe('b v1 running\n');
    await nstack('stop', 'b');
    const known = await nstack('start', 'b', '--json');
    expect(JSON.parse(known.stdout)).toMatchObject({ name: 'b', version: 1, state: 'running' });
  });

  it('shows what is wrong with a workflow where it was typed', async () => {
    const { code, stdout, stderr } = await nstack('start', 'kafka/a -> wrong -> log');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('<workflow>:1:12: error: there is no service "wrong"');
    expect(stderr).toContain('^^^^^');
  });

  it('names the nearest workflow where a name is not known', async () => {
    await served.supervisor.define(clicks);
    const { code, stderr } = await nstack('start', 'clikcs');
    expect(code).toBe(1);
    expect(stderr).toContain('Did you mean "clicks"?');
  });

  it('says that the supervisor goes on where it is interrupted', async () => {
    const running = program.start(['start', 'kafka/a -> slow -> log', '--name=late'], { cwd, env: env() });
    await expect.poll(() => served.supervisor.list()[0]?.state, { timeout: 10_000 }).toBe('starting');
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('the supervisor goes on starting it');
  });

  it('takes other connections for no workflow of a supervisor that has its own', async () => {
    const { code, stderr } = await nstack('start', 'a -> B -> c', '--connections=other.yaml');
    expect(code).toBe(1);
    expect(stderr).toContain(join(cwd, 'other.yaml'));
  });
});

describe('the life of a workflow', () => {
  it('is paused, resumed, stopped and forgotten', async () => {
    await served.supervisor.start(clicks);
    expect((await nstack('pause', 'clicks')).stdout).toBe('clicks v1 paused\n');
    expect((await nstack('resume', 'clicks')).stdout).toBe('clicks v1 running\n');
    const early = await nstack('delete', 'clicks');
    expect(early).toMatchObject({ code: 1, stdout: '' });
    expect(early.stderr).toContain('clicks is running');
    expect((await nstack('stop', '--all', '--now')).stdout).toBe('clicks v1 stopped\n');
    const { stdout } = await nstack('history', 'clicks', '--tail=2');
    expect(stdout).toMatch(/^AT +VERSION +EVENT +DETAIL\n\S+ +v1 +stopping\n\S+ +v1 +stopped\n$/);
    expect((await nstack('delete', 'clicks')).stdout).toBe('clicks deleted\n');
    expect(served.supervisor.list()).toEqual([]);
  });

  it('is not stopped by mistake', async () => {
    await served.supervisor.start(clicks);
    for (const args of [[], ['clicks', '--all']]) {
      const { code, stderr } = await nstack('stop', ...args);
      expect(code).toBe(1);
      expect(stderr).toContain('--all');
    }
    expect(served.supervisor.get('clicks').state).toBe('running');
  });
});

describe('ps', () => {
  it('lists what runs, and counts', async () => {
    await served.supervisor.start(clicks);
    await served.supervisor.define({ ...clicks, name: 'idle' });
    served.supervisor.report('clicks', {
      phase: 'running',
      elapsed: 1000,
      sources: [{ label: 'kafka', in: 12_345, progress: { unit: 'messages', done: 1, lag: 6 } }],
      stages: [],
      sinks: [{ label: 'log', out: 12_000 }],
      deadLetters: 0,
      pending: 345,
    });
    const few = await nstack('ps');
    expect(few.stdout).toMatch(
      /^NAME +VERSION +STATE +FOR +IN +OUT +DEAD LETTERS +LAG +RESTARTS\nclicks +v1 +running +\d s +12,345 +12,000 +0 +6 +0\n$/,
    );
    expect(few.stderr).toBe('1 more does not run: --all shows them\n');
    expect((await nstack('ps', '--all')).stdout).toMatch(/\nidle +v1 +defined +\d s +- +- +0 +- +0\n$/);
    const names = JSON.parse((await nstack('ps', '--all', '--json')).stdout).map(
      ({ name }: { name: string }) => name,
    );
    expect(names).toEqual(['clicks', 'idle']);
  });

  it('asks a supervisor elsewhere, with its token', async () => {
    const remote = (key: string) =>
      program.nstack(['ps', '--json'], { cwd, env: { NSTACK_SUPERVISOR: served.url, NSTACK_TOKEN: key } });
    expect(await remote(token)).toMatchObject({ code: 0, stdout: '[]\n' });
    const { code, stderr } = await remote('wrong');
    expect(code).toBe(1);
    expect(stderr).toContain('NSTACK_TOKEN');
  });

  it('ends with 75 where no supervisor runs', async () => {
    const { code, stderr } = await program.nstack(['ps'], { cwd, env: { NSTACK_STATE: cwd } });
    expect(code).toBe(75);
    expect(stderr).toContain(`no supervisor runs (looked at unix:${cwd}/supervisor.sock)`);
    expect(stderr).toContain('nstack supervisor start');
  });
});

describe('logs', () => {
  it('prints the last lines, without what would move the cursor', async () => {
    await served.supervisor.start(clicks);
    for (const line of ['one', 'two', 'th\u001b[2Jree']) served.supervisor.print('clicks', line);
    const { stdout } = await nstack('logs', 'clicks', '--tail=2');
    expect(stdout).toMatch(/^\S+ Score print: two\n\S+ Score print: th\ufffd\[2Jree\n$/);
    const json = await nstack('logs', 'clicks', '--json', '--tail=1');
    expect(JSON.parse(json.stdout).message).toBe('th\u001b[2Jree');
  });

  it('follows until Ctrl-C, and shows each line once', async () => {
    await served.supervisor.start(clicks);
    served.supervisor.print('clicks', 'before');
    const running = program.start(['logs', 'clicks', '--follow', '--json'], { cwd, env: env() });
    const lines: string[] = [];
    const seen = new Promise<void>((resolve) => {
      running.child.stdout?.on('data', (chunk: string) => {
        for (const line of chunk.trim().split('\n')) lines.push(JSON.parse(line).message);
        if (lines.length === 1) served.supervisor.print('clicks', 'after');
        if (lines.length === 2) resolve();
      });
    });
    await seen;
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stderr: '' });
    expect(lines).toEqual(['before', 'after']);
  });

  it('ends without a word when whoever reads it has enough', async () => {
    await served.supervisor.start(clicks);
    served.supervisor.print('clicks', 'first');
    const running = program.start(['logs', 'clicks', '--follow'], { cwd, env: env() });
    running.child.stdout?.once('data', () => {
      running.child.stdout?.destroy();
      const timer = setInterval(() => served.supervisor.print('clicks', 'more'), 20);
      running.child.once('exit', () => clearInterval(timer));
    });
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('says that the supervisor has ended', async () => {
    await served.supervisor.start(clicks);
    served.supervisor.print('clicks', 'line');
    const running = program.start(['logs', 'clicks', '--follow'], { cwd, env: env() });
    running.child.stdout?.once('data', () => void served.gateway.close());
    const { code, stderr } = await running.ended;
    expect(code).toBe(75);
    expect(stderr).toContain('the supervisor has ended');
  });
});

describe('dead letters', () => {
  beforeEach(async () => {
    await served.supervisor.start(clicks);
    for (let count = 0; count < 4; count++) served.supervisor.bury('clicks', letter);
  });

  it('are listed a page at a time', async () => {
    const { stdout, stderr } = await nstack('dead-letters', 'list', 'clicks', '--most=2');
    expect(stdout).toMatch(
      /^ID .*\n1 .* Clean +3 +clicks\/0:17 +ValueError: no +\{"a":"\ufffd\[31m"\}\n2 .*\n$/,
    );
    expect(stderr).toBe('there are more: --after=2 goes on\n');
    const rest = await nstack('dead-letters', 'list', 'clicks', '--after=2', '--json');
    const ids = rest.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(ids).toEqual([3, 4]);
    expect(rest.stderr).toBe('');
  });

  it('are shown with the trace of the code that failed', async () => {
    const { stdout } = await nstack('dead-letters', 'show', 'clicks', '2');
    for (const text of [
      'dead letter 2\n',
      'place     clicks/0:17\n',
      'ValueError: no (code -32000)',
      'Traceback\n  service.py, line 3\n',
    ])
      expect(stdout).toContain(text);
  });

  it('are replayed and dropped by id, and all only where that is said', async () => {
    expect((await nstack('dead-letters', 'replay', 'clicks', '1')).stdout).toBe(
      '1 replayed, 0 failed again\n',
    );
    expect((await nstack('dead-letters', 'drop', 'clicks', '2')).stdout).toBe('1 dropped\n');
    const unsure = await nstack('dead-letters', 'drop', 'clicks');
    expect(unsure.code).toBe(1);
    expect(unsure.stderr).toContain('--all');
    expect(served.supervisor.get('clicks').deadLetters).toBe(2);
    expect((await nstack('dead-letters', 'drop', 'clicks', '--all')).stdout).toBe('2 dropped\n');
    expect((await nstack('dead-letters', 'list', 'clicks')).stderr).toBe('no dead letters\n');
  });
});

describe('a command of two words', () => {
  it('is helped with where the second is missing or wrong', async () => {
    const help = await nstack('supervisor', '--help');
    for (const word of ['start', 'stop', 'status', 'unit']) expect(help.stdout).toContain(`  ${word}`);
    const wrong = await nstack('dead-letters', 'lits', 'clicks');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('list');
  });
});
