import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorkflowLog } from '../../../src/supervisor/state/workflow-log.ts';
import type { LogEntry } from '../../../src/workflow/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nstack-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function entry(message: string): LogEntry {
  return { at: '2026-01-01T00:00:00.000Z', workflow: 'up', stage: 'Up.up', level: 'print', message };
}

function messages(entries: readonly LogEntry[]): string[] {
  return entries.map(({ message }) => message);
}

function lines(name: string): string[] {
  return readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1);
}

test('a log that is not there is empty', async () => {
  const log = createWorkflowLog(join(folder, 'nowhere'));
  expect(await log.last(10)).toEqual([]);
  await log.close();
});

test('entries come back in order, the newest last', async () => {
  const log = createWorkflowLog(folder);
  for (let at = 0; at < 1_000; at++) log.append(entry(`line ${at}`));
  expect(await log.last(3)).toEqual([entry('line 997'), entry('line 998'), entry('line 999')]);
  expect(await log.last(5_000)).toHaveLength(1_000);
  expect(await log.last(0)).toEqual([]);
  await log.close();
  expect(statSync(join(folder, 'log.ndjson')).mode & 0o777).toBe(0o600);
});

test('the log goes on where another process ended', async () => {
  for (const message of ['one', 'two']) {
    const log = createWorkflowLog(folder);
    log.append(entry(message));
    await log.close();
  }
  expect(messages(await createWorkflowLog(folder).last(9))).toEqual(['one', 'two']);
});

test('a line that a crash has torn is left out, and the next begins on its own', async () => {
  const log = createWorkflowLog(folder);
  log.append(entry('whole'));
  await log.close();
  appendFileSync(join(folder, 'log.ndjson'), '{"at":"2026-01-01T00:00:00.000Z","mess');
  const next = createWorkflowLog(folder);
  expect(messages(await next.last(9))).toEqual(['whole']);
  next.append(entry('after'));
  await next.close();
  expect(messages(await next.last(9))).toEqual(['whole', 'after']);
  expect(lines('log.ndjson')).toHaveLength(2);
});

test('the log stays within two files of some megabytes, and the newest is read over both', async () => {
  const log = createWorkflowLog(folder);
  const filler = 'x'.repeat(1_000);
  for (let at = 0; at < 12_000; at++) {
    log.append(entry(`${at} ${filler}`));
    if (at % 500 === 0) await log.last(0);
  }
  const all = await log.last(100_000);
  await log.close();
  const numbers = messages(all).map((message) => Number.parseInt(message, 10));
  expect(numbers.at(-1)).toBe(11_999);
  expect(numbers).toEqual(numbers.map((_, at) => 12_000 - numbers.length + at));
  for (const name of ['log.ndjson', 'log.1.ndjson']) {
    expect(statSync(join(folder, name)).size).toBeLessThan(4 * 1024 * 1024 + 1);
  }
  expect(numbers.length).toBeGreaterThan(4_000);
});

test('whatever a service says is one line of JSON, of bounded length', async () => {
  const said = ['\n\r\u2028\u0000\u001b[31m', '"}\n{"', '\ud800 alone \udfff', 'é'.repeat(100_000), ''];
  const log = createWorkflowLog(folder);
  for (const message of said) log.append({ ...entry(message), stage: `${message}\n` });
  const found = await log.last(9);
  await log.close();
  expect(lines('log.ndjson')).toHaveLength(said.length);
  for (const line of lines('log.ndjson')) {
    expect(() => JSON.parse(line)).not.toThrow();
    expect(line.length).toBeLessThan(20_000);
  }
  expect(found.map(({ message }) => message.slice(0, 100))).toEqual(
    said.map((message) => message.slice(0, 100)),
  );
  expect(found[3]?.message).toMatch(/ééé\.\.\. \(83616 more\)$/);
});

test('a service that says more than the disk takes loses lines, and an entry says how many', async () => {
  const log = createWorkflowLog(folder);
  for (let at = 0; at < 2_000; at++) log.append(entry(`${at} ${'x'.repeat(1_000)}`));
  await log.last(0);
  log.append(entry('later'));
  const found = messages(await log.last(10_000));
  await log.close();
  const kept = found.length - 2;
  expect(kept).toBeGreaterThan(900);
  expect(found.slice(-2)).toEqual([
    `${2_000 - kept} lines of this log were dropped: the disk is too slow for them`,
    'later',
  ]);
});

test('what comes after the end is ignored, so that a removed folder stays removed', async () => {
  const log = createWorkflowLog(folder);
  await log.close();
  log.append(entry('late'));
  expect(await log.last(9)).toEqual([]);
});
