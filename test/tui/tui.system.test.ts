import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildAs } from '../support/build-as.ts';
import { type TestSupervisor, testSupervisor } from '../support/supervisor.ts';
import { startOnTerminal, type TestTerminal } from './support/terminal.ts';

const text = 'clicks = file/in.ndjson { follow = true, as = "ndjson" } -> Seen.Cleaning -> file/out.ndjson';
let supervisor: TestSupervisor;
let terminal: TestTerminal;

beforeAll(async () => {
  await buildAs('Seen.Cleaning', 'examples/clicks/cleaning');
});
beforeEach(async () => {
  supervisor = await testSupervisor();
  terminal = startOnTerminal(['tui'], { cwd: supervisor.folder, env: supervisor.env });
});
afterEach(async () => {
  terminal.close();
  await supervisor.end();
});

async function give(...messages: readonly string[]): Promise<void> {
  const lines = messages.map((message) => `${JSON.stringify(message)}\n`).join('');
  await appendFile(join(supervisor.folder, 'in.ndjson'), lines);
}

it('watches and steers a workflow from the first start of a supervisor to the end of it', async () => {
  await terminal.shows('no supervisor runs; press s to start one');
  terminal.press('s');
  await terminal.shows('no workflows yet');

  await give('Ada /a?x=1 1', 'broken \u{1b}[2J\u{1b}[31m 日本語 too many', 'Bob /b 2');
  expect((await supervisor.nstack('start', text)).code).toBe(0);
  await terminal.shows(/> clicks +running/);
  terminal.press('\r');
  await terminal.shows(/stage +Seen\.Cleaning .* 3 +2 /);
  await terminal.shows('dead letters (1)');

  terminal.press('d');
  await terminal.shows(/> +1 .*Seen\.Cleaning +\d+ +ValueError/);
  terminal.press('\r');
  await terminal.shows('Traceback (most recent call last)');
  await terminal.shows('日本語');
  terminal.press('r');
  await terminal.shows('1 dead letter failed again and kept');
  // It has come back as another.
  await terminal.shows(/> +2 .*Seen\.Cleaning/);
  terminal.press('d');
  await terminal.shows('Drop dead letter 2?');
  terminal.press('y');
  await terminal.shows('1 dead letter dropped');
  await terminal.shows('no dead letters');

  terminal.press('p');
  await terminal.shows(/clicks v1 +paused/);
  terminal.press('p');
  await terminal.shows(/clicks v1 +running/);
  terminal.press('h');
  await terminal.shows(/\[history\][\s\S]* v1 +running[\s\S]* v1 +paused/);

  await supervisor.kill();
  await terminal.shows('lost, tried again every second');
  terminal.press('s');
  await terminal.shows('a supervisor runs now');
  await terminal.shows(/clicks v1 +running/);
  terminal.press('n');
  await give('Cyd /c 3');
  await terminal.shows(/sink +file\/out\.ndjson +[\d.]+ +1\b/);

  terminal.resize(60, 15);
  await terminal.shows(/^ nstack {2}1 workflow, 1 running *\n clicks v1[\s\S]*\? help +Esc q back *$/);
  terminal.press('x');
  await terminal.shows('clicks is stopped');
  terminal.press('q');
  await terminal.shows(/> clicks +stopped/);
  terminal.press('q');
  expect(await terminal.exitCode).toBe(0);
  // The terminal is as it was: its own screen, its cursor, its wrapping.
  expect(terminal.screen().trim()).toBe('');
  for (const back of ['\u{1b}[?1049l', '\u{1b}[?25h', '\u{1b}[?7h']) expect(terminal.sent()).toContain(back);
});
