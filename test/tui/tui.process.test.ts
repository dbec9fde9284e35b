import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Served, serveFake } from '../gateway/serve-fake.ts';
import { nstack } from '../support/nstack.ts';
import { startOnTerminal } from './support/terminal.ts';

// The program on a real pseudo-terminal; the supervisor that it talks to is in memory, behind the real gateway.

let served: Served;
beforeEach(async () => {
  served = await serveFake();
});
afterEach(async () => {
  await served.close();
  await rm(served.folder, { recursive: true, force: true });
});

const open = (env: NodeJS.ProcessEnv = {}, size: { columns?: number; rows?: number } = {}) =>
  startOnTerminal(['tui'], { cwd: served.folder, env: { NSTACK_STATE: served.folder, ...env }, ...size });
const request = (name: string, text = 'kafka/clicks -> Clean -> log') => ({
  name,
  text,
  file: '<workflow>',
  folder: '/',
});

describe('nstack tui', () => {
  it('without a terminal says so, and what to do instead', async () => {
    const { code, stdout, stderr } = await nstack(['tui'], { cwd: served.folder });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('nstack tui needs a terminal, and stdin is none');
    expect(stderr).toContain('nstack ps --all');
  });

  it('follows the log of a service that writes escapes, and stays whole', async () => {
    await served.supervisor.start(request('clicks'));
    const terminal = open();
    await terminal.shows(/> clicks +running/);
    terminal.press('l');
    await terminal.shows('[log]');
    served.supervisor.print('clicks', '\u{1b}[2J\u{1b}[1;1Hgotcha\u{1b}]0;title\u{7}\r\u{9b}5A');
    served.supervisor.print('clicks', '日本語 👨‍👩‍👧 🇩🇪 '.repeat(30));
    served.supervisor.print('clicks', 'the last line');
    await terminal.shows('the last line');
    const lines = terminal.screen().split('\n');
    expect(lines[0]).toMatch(/^ nstack {2}1 workflow, 1 running/);
    expect(lines.at(-1)).toMatch(/\? help +Esc q back/);
    expect(terminal.screen()).toContain('\u{fffd}[2J\u{fffd}[1;1Hgotcha');
    expect(terminal.sent()).not.toContain('title\u{7}');
    terminal.press('\u{3}');
    expect(await terminal.exitCode).toBe(0);
  });

  it('tells the error of an action and its way out, and goes on', async () => {
    await served.supervisor.define(request('gone'));
    const terminal = open();
    await terminal.shows(/> gone +defined/);
    // What happens behind its back: the workflow is gone when it is started.
    const told = served.supervisor.tell;
    await served.supervisor.remove('gone');
    told({ kind: 'workflow', workflow: { ...known, name: 'gone' } });
    await terminal.shows(/> gone +stopped/);
    terminal.press('s');
    await terminal.shows('there is no workflow "gone"');
    await terminal.shows('nstack ps --all');
    terminal.press('q');
    expect(await terminal.exitCode).toBe(0);
  });

  it('says that the supervisor is gone, and goes on when it is back', async () => {
    await served.supervisor.start(request('clicks'));
    const terminal = open({}, { columns: 60, rows: 15 });
    await terminal.shows(/> clicks +running/);
    await served.gateway.close();
    await terminal.shows('tried again');
    await served.gateway.listenUnix(served.socket);
    await terminal.shows(/^ nstack {2}1 workflow, 1 running/);
    terminal.press('q');
    expect(await terminal.exitCode).toBe(0);
  });

  it('gives the terminal back when it is ended by a signal', async () => {
    const terminal = open();
    await terminal.shows('no workflows yet');
    terminal.signal('SIGTERM');
    expect(await terminal.exitCode).toBe(130);
    expect(terminal.screen().trim()).toMatch(/^error: interrupted by SIGTERM/);
    expect(terminal.sent().lastIndexOf('\u{1b}[?1049l')).toBeGreaterThan(
      terminal.sent().lastIndexOf('\u{1b}[?1049h'),
    );
  });

  it('has no colours with NO_COLOR', async () => {
    await served.supervisor.start(request('clicks'));
    const [plain, colored] = [open({ NO_COLOR: '1' }), open()];
    for (const terminal of [plain, colored]) {
      await terminal.shows(/> clicks +running/);
      terminal.press('q');
      await terminal.exitCode;
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is looked for
    const color = /\u{1b}\[(3[1-7]|9[0-7])m/u;
    expect(plain.sent()).not.toMatch(color);
    expect(colored.sent()).toMatch(color);
  });
});

const known = {
  version: 1,
  text: '',
  state: 'stopped',
  since: new Date(0).toISOString(),
  restarts: 0,
  deadLetters: 0,
} as const;
