import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../src/supervisor/state/open-store.ts';
import type { Store } from '../../../src/supervisor/state/store.ts';
import type { Plan, WorkflowOutcome, WorkflowRequest } from '../../../src/workflow/index.ts';

const request: WorkflowRequest = { text: 'stdin -> Up -> stdout', file: 'up.nstack', folder: '/data' };
const plan: Plan = { name: 'up', text: request.text, nodes: [] };
const fault = { code: 'service-failed', message: 'Up fell over', diagnostics: [] } as const;
const outcome: WorkflowOutcome = {
  how: 'complete',
  in: 3,
  out: 2,
  deadLetters: 1,
  lost: 0,
  milliseconds: 5,
  where: '/data/out',
};

let folder = '';
let store: Store;
let clock = 0;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nstack-store-'));
  clock = Date.parse('2026-01-01T00:00:00Z');
  store = await open();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): Promise<Store> {
  return openStore(folder, () => {
    clock += 1000;
    return new Date(clock);
  });
}

async function reopen(): Promise<void> {
  store.close();
  store = await open();
}

test('a new store knows no workflow', () => {
  expect(store.workflows()).toEqual([]);
  expect(store.workflow('up')).toBeUndefined();
  expect(store.version('up', 1)).toBeUndefined();
  expect(store.history('up', 10)).toEqual([]);
});

test('all that was said of a workflow is there when the store is opened again', async () => {
  const retry = { attempts: 5 };
  expect(store.saveVersion('up', { ...request, retry })).toBe(1);
  store.savePlan('up', 1, plan);
  store.setWanted('up', 'running', 1);
  store.setState('up', { state: 'restarting', restarts: 2, error: fault, outcome });
  await reopen();
  expect(store.workflows()).toEqual([
    {
      name: 'up',
      version: 1,
      request: { ...request, retry },
      plan,
      wanted: 'running',
      wantedVersion: 1,
      state: 'restarting',
      since: '2026-01-01T00:00:02.000Z',
      restarts: 2,
      error: fault,
      outcome,
    },
  ]);
});

test('a workflow that was only defined is stopped', () => {
  store.saveVersion('up', request);
  expect(store.workflow('up')).toEqual({
    name: 'up',
    version: 1,
    request,
    wanted: 'stopped',
    wantedVersion: 1,
    state: 'defined',
    since: '2026-01-01T00:00:01.000Z',
    restarts: 0,
  });
});

test('another text, folder or retry is a new version; the same, or another file name, is not', () => {
  expect(store.saveVersion('up', request)).toBe(1);
  store.savePlan('up', 1, plan);
  expect(store.saveVersion('up', { ...request })).toBe(1);
  expect(store.saveVersion('up', { ...request, retry: {} })).toBe(1);
  expect(store.saveVersion('up', { ...request, file: 'other.nstack' })).toBe(1);
  expect(store.workflow('up')).toMatchObject({ version: 1, request: { file: 'other.nstack' }, plan });
  expect(store.saveVersion('up', { ...request, text: 'stdin -> Down -> stdout' })).toBe(2);
  expect(store.workflow('up')).not.toHaveProperty('plan');
  expect(store.saveVersion('up', { ...request, folder: '/other' })).toBe(3);
  expect(store.saveVersion('up', { ...request, folder: '/other', retry: { attempts: 9 } })).toBe(4);
  expect(store.version('up', 1)).toMatchObject({ version: 1, request: { text: request.text }, plan });
});

test('which version is wanted is remembered apart from the newest', async () => {
  store.saveVersion('up', request);
  store.setWanted('up', 'running', 1);
  store.saveVersion('up', { ...request, text: 'stdin -> Down -> stdout' });
  await reopen();
  expect(store.workflow('up')).toMatchObject({ version: 2, wanted: 'running', wantedVersion: 1 });
});

test('the state changes by parts: what is left out stays, null takes it away', () => {
  store.saveVersion('up', request);
  store.setState('up', { state: 'failed', error: fault });
  const { since } = store.workflow('up') ?? {};
  store.setState('up', { state: 'failed', restarts: 1 });
  expect(store.workflow('up')).toMatchObject({ state: 'failed', since, restarts: 1, error: fault });
  store.setState('up', { state: 'running', error: null });
  expect(store.workflow('up')).not.toHaveProperty('error');
  expect(store.workflow('up')?.since).not.toBe(since);
});

test('a workflow that is not there is told by name', () => {
  const unknown = expect.objectContaining({ code: 'workflow-unknown', message: 'there is no workflow up' });
  expect(() => store.setState('up', { state: 'running' })).toThrow(unknown);
  expect(() => store.setWanted('up', 'running', 1)).toThrow(unknown);
  expect(() => store.savePlan('up', 1, plan)).toThrow(unknown);
  expect(() => store.remove('up')).toThrow(unknown);
});

test('history is told the newest last, and the newest thousand are kept', () => {
  store.together(() => {
    for (let at = 0; at < 1_100; at++) {
      store.addHistory({ workflow: 'up', version: at, event: 'running', detail: 'x'.repeat(10_000) });
      if (at % 100 === 0) store.addHistory({ workflow: 'down', version: at, event: 'stopped', detail: '' });
    }
  });
  const kept = store.history('up', 5_000);
  expect(kept.map(({ version }) => version)).toEqual(Array.from({ length: 1_000 }, (_, at) => at + 100));
  expect(kept[0]?.detail).toHaveLength(4_000);
  expect(store.history('up', 2).map(({ version }) => version)).toEqual([1_098, 1_099]);
  expect(store.history('down', 50)).toHaveLength(11);
});

test('a removed workflow is gone with its versions, and its history stays', () => {
  store.saveVersion('up', request);
  store.saveVersion('up', { ...request, text: 'other' });
  store.addHistory({ workflow: 'up', version: 2, event: 'removed', detail: '' });
  store.remove('up');
  expect(store.workflows()).toEqual([]);
  expect(store.version('up', 1)).toBeUndefined();
  expect(store.history('up', 9)).toEqual([
    { at: '2026-01-01T00:00:03.000Z', workflow: 'up', version: 2, event: 'removed', detail: '' },
  ]);
  expect(store.saveVersion('up', request)).toBe(1);
});

test('what is done together is done whole or not at all', () => {
  expect(() =>
    store.together(() => {
      store.saveVersion('up', request);
      store.setState('nobody', { state: 'running' });
    }),
  ).toThrow('there is no workflow nobody');
  expect(store.workflows()).toEqual([]);
  expect(store.together(() => store.saveVersion('up', request))).toBe(1);
});

test('hostile names and texts come back as they were given', async () => {
  const names = [
    "'; DROP TABLE workflows; --",
    '../../etc',
    'a\nb',
    'é',
    'e\u0301',
    '__proto__',
    '💥'.repeat(500),
    '"',
  ];
  for (const name of names) store.saveVersion(name, { ...request, text: `${name}\u0000\u2028` });
  await reopen();
  expect(store.workflows().map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  for (const name of names) expect(store.workflow(name)?.request.text).toBe(`${name}\u0000\u2028`);
});

test('a second store of the same folder is refused, with the folder and the process', async () => {
  await expect(open()).rejects.toMatchObject({
    code: 'supervisor-unavailable',
    message: `a supervisor (process ${process.pid}) already runs with the state folder ${folder}`,
  });
  await reopen();
});

test.each([
  [
    'no database at all',
    () => Buffer.from('hello '.repeat(2_000)),
    /is broken: .*supervisor\.db: file is not a database/,
  ],
  ['a page of zeros within', (bytes: Buffer) => Buffer.from(bytes).fill(0, 4096, 3 * 4096), /is broken/],
  ['cut short', (bytes: Buffer) => bytes.subarray(0, 2 * 4096 + 100), /is broken/],
])('a broken database (%s) is told with the way out', async (_how, breakIt, message) => {
  store.saveVersion('up', request);
  store.close();
  const path = join(folder, 'supervisor.db');
  const whole = readFileSync(path);
  writeFileSync(path, breakIt(whole));
  await expect(open()).rejects.toMatchObject({
    code: 'file-unreadable',
    message: expect.stringMatching(message),
    hint: expect.stringContaining(`mv ${path} ${path}.broken`),
  });
  writeFileSync(path, whole);
  store = await open();
  expect(store.workflows()).toHaveLength(1);
});

test('a database of a later nstack is refused and left as it is', async () => {
  store.close();
  const path = join(folder, 'supervisor.db');
  const later = new DatabaseSync(path);
  later.exec('PRAGMA user_version=99');
  later.close();
  await expect(open()).rejects.toMatchObject({
    code: 'file-unreadable',
    message: expect.stringContaining('it has version 99'),
  });
  rmSync(path);
  store = await open();
});
