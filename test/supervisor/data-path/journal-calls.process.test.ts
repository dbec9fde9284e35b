import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createJournal } from '../../../src/supervisor/data-path/journal/create-journal.ts';
import { type JournalReader, readJournal } from '../../../src/supervisor/data-path/journal/read-journal.ts';
import type { DeadLetter, Journal } from '../../../src/supervisor/data-path/journal.ts';

let folder = '';
let path = '';
let journal: Journal;
let reader: JournalReader;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nstack-journal-'));
  path = join(folder, 'journal.db');
  journal = await createJournal(path, 'clicks');
  reader = readJournal(path, 'clicks');
});
afterEach(async () => {
  reader.close();
  await journal.close();
  rmSync(folder, { recursive: true, force: true });
});

async function reopen(): Promise<void> {
  await journal.close();
  journal = await createJournal(path, 'clicks');
}

function letter(payload: string | Uint8Array, more: Partial<DeadLetter> = {}): DeadLetter {
  const error = { code: -32000, message: 'boom', data: { stack: 'line 1\nline 2' } };
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  return { stage: 'S.clean', error, attempts: 3, payload: bytes, json: true, ...more };
}

describe('positions', () => {
  test('come back by source and partition, also when the journal is opened again', async () => {
    await Promise.all([
      journal.commit('kafka/clicks', '0', { offset: 7 }),
      journal.commit('kafka/clicks', '1', '9007199254740993'),
      journal.commit('kafka/click', 's0', null),
    ]);
    await reopen();
    expect(await journal.positions('kafka/clicks')).toEqual({ 0: { offset: 7 }, 1: '9007199254740993' });
    expect(await journal.positions('kafka/click')).toEqual({ s0: null });
    expect(await journal.positions('other')).toEqual({});
  });

  test('that come together for one partition are written once, and the last stays', async () => {
    const commits = Array.from({ length: 10_000 }, (_, at) => journal.commit('s', `${at % 3}`, at));
    await Promise.all(commits);
    expect(await journal.positions('s')).toEqual({ 0: 9_999, 1: 9_997, 2: 9_998 });
  });

  test('are read with all that was committed before, awaited or not', async () => {
    const commit = journal.commit('s', '0', 1);
    expect(await journal.positions('s')).toEqual({ 0: 1 });
    await commit;
  });

  test('may have any names', async () => {
    for (const name of ['__proto__', '', "'; --", 'a\u0000b', '💥']) await journal.commit(name, name, name);
    await reopen();
    for (const name of ['__proto__', '', "'; --", 'a\u0000b', '💥']) {
      expect(Object.entries(await journal.positions(name))).toEqual([[name, name]]);
    }
  });

  test('that are no JSON are refused, and nothing else is held up', async () => {
    await expect(journal.commit('s', '0', undefined)).rejects.toThrow('the position of s is no JSON value');
    await expect(journal.commit('s', '0', 1n)).rejects.toThrow('BigInt');
    await journal.commit('s', '0', 1);
  });

  test('can be forgotten, and dead letters stay', async () => {
    await journal.commit('s', '0', 1);
    await journal.keep(letter('1'));
    await reader.forgetPositions();
    expect(await journal.positions('s')).toEqual({});
    expect(reader.count()).toBe(1);
  });
});

describe('dead letters', () => {
  test('come back as they were, byte for byte', async () => {
    const json = '{"n":9007199254740993,"x":1.0,  "x":2}';
    const binary = Uint8Array.from({ length: 256 }, (_, at) => at);
    await journal.keep(letter(json, { place: 'clicks/0@17', key: -2_147_483_648 }));
    await journal.keep(letter(binary, { json: false, stage: 'kafka/clicks' }));
    await journal.keep(letter('', { json: false }));
    await reopen();
    const [first, second, third] = await journal.page(0, 1_000_000);
    expect(first).toMatchObject({
      ...letter(json, { place: 'clicks/0@17', key: -2_147_483_648 }),
      payload: expect.anything(),
    });
    expect(Buffer.from(first?.payload ?? []).toString()).toBe(json);
    expect(second).toMatchObject({ json: false, stage: 'kafka/clicks' });
    expect(second).not.toHaveProperty('place');
    expect(second).not.toHaveProperty('key');
    expect(second?.payload).toEqual(binary);
    expect(third?.payload).toHaveLength(0);
  });

  test('are copied when they are given: the bytes may be used again at once', async () => {
    const bytes = Buffer.from('before');
    const kept = journal.keep(letter(bytes));
    bytes.fill('x');
    await kept;
    expect((await reader.list(0, 1))[0]?.message).toEqual({ json: 'before' });
  });

  test('are counted once they are on the disk', async () => {
    const kept = journal.keep(letter('1'));
    expect(journal.count).toBe(0);
    await kept;
    expect(journal.count).toBe(1);
    await reopen();
    expect(journal.count).toBe(0);
    expect(reader.count()).toBe(1);
  });

  test('are found and dropped by id, and an id is never used twice', async () => {
    await Promise.all(['1', '2', '3', '4'].map((payload) => journal.keep(letter(payload))));
    const ids = (await journal.letters([3, 99, 1, 3])).map(({ id }) => id);
    expect(ids).toEqual([1, 3]);
    await journal.drop([4, 1, 99, 4]);
    expect((await journal.page(0, 1_000_000)).map(({ id }) => id)).toEqual([2, 3]);
    await journal.keep(letter('5'));
    expect((await journal.page(0, 1_000_000)).map(({ id }) => id)).toEqual([2, 3, 5]);
    expect(reader.count()).toBe(3);
  });

  test('are read page by page, and a page of large ones is shorter', async () => {
    const large = 'x'.repeat(7 * 1024 * 1024);
    for (const payload of ['1', '2', large, large, large]) await journal.keep(letter(payload));
    expect((await journal.page(0, 2)).map(({ id }) => id)).toEqual([1, 2]);
    expect((await journal.page(2, 100)).map(({ id }) => id)).toEqual([3, 4]);
    expect((await journal.page(4, 100)).map(({ id }) => id)).toEqual([5]);
    expect(await journal.page(5, 100)).toEqual([]);
    expect((await reader.list(0, 100)).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect((await reader.list(4, 100)).map(({ id }) => id)).toEqual([5]);
  });

  test('with errors that no text of SQLite could hold come back', async () => {
    const error = { code: 1, message: '\ud800\u0000\n', data: { stack: '\udfff', deep: [[[]]] } };
    await journal.keep(letter('1', { error, place: 'a\u0000b' }));
    expect(await reader.get(1)).toMatchObject({ error, place: 'a\u0000b' });
  });
});

describe('a reader', () => {
  test('tells letters in words', async () => {
    await journal.keep(letter('{"a":1}', { place: 'p' }));
    await journal.keep(letter(Uint8Array.of(0xff, 0), { json: false }));
    const error = { code: -32000, message: 'boom', data: { stack: 'line 1\nline 2' } };
    const common = {
      workflow: 'clicks',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      stage: 'S.clean',
      attempts: 3,
      error,
    };
    expect(await reader.list(0, 10)).toEqual([
      { ...common, id: 1, place: 'p', message: { json: '{"a":1}' } },
      { ...common, id: 2, message: { base64: '/wA=' } },
    ]);
    expect(await reader.get(2)).toMatchObject({ id: 2 });
    expect(await reader.get(3)).toBeUndefined();
    expect((await reader.list(1, 1)).map(({ id }) => id)).toEqual([2]);
  });

  test('drops what it is told, and all; the room goes back to the disk', async () => {
    await Promise.all(Array.from({ length: 5_000 }, () => journal.keep(letter('x'.repeat(2_000)))));
    const full = statSync(path).size;
    expect(await reader.drop([1, 2, 9_999])).toBe(2);
    expect(reader.count()).toBe(4_998);
    expect(await reader.drop(undefined)).toBe(4_998);
    expect(await reader.drop(undefined)).toBe(0);
    expect(reader.count()).toBe(0);
    expect(await reader.list(0, 1)).toEqual([]);
    await journal.close();
    reader.close();
    expect(full).toBeGreaterThan(10_000_000);
    expect(statSync(path).size).toBeLessThan(100_000);
  });

  test('finds no letters where there is no journal, or one that is not begun', async () => {
    for (const name of ['nowhere.db', 'empty.db']) {
      const none = readJournal(join(folder, name), 'clicks');
      if (name === 'empty.db') writeFileSync(join(folder, name), '');
      expect(none.count()).toBe(0);
      expect(await none.list(0, 10)).toEqual([]);
      expect(await none.get(1)).toBeUndefined();
      expect(await none.drop(undefined)).toBe(0);
      expect(await none.drop([1])).toBe(0);
      none.close();
    }
  });

  test('sees a journal that comes later', async () => {
    const later = join(folder, 'later.db');
    const early = readJournal(later, 'clicks');
    expect(early.count()).toBe(0);
    const other = await createJournal(later, 'clicks');
    await other.keep(letter('1'));
    expect(early.count()).toBe(1);
    early.close();
    await other.close();
  });
});

describe('a journal that cannot be', () => {
  test('opened for want of its folder is told with its path', async () => {
    const nowhere = join(folder, 'nowhere', 'journal.db');
    await expect(createJournal(nowhere, 'clicks')).rejects.toMatchObject({
      code: 'file-unwritable',
      message: expect.stringContaining(nowhere),
    });
  });

  test('read, as it is broken, is told with the way out', async () => {
    const broken = join(folder, 'broken.db');
    writeFileSync(broken, 'this is no database '.repeat(500));
    const expected = {
      code: 'file-unreadable',
      message: `the journal of clicks is broken: ${broken}: file is not a database`,
      hint: expect.stringContaining(`mv ${broken} ${broken}.broken`),
    };
    await expect(createJournal(broken, 'clicks')).rejects.toMatchObject(expected);
    await expect(readJournal(broken, 'clicks').list(0, 1)).rejects.toMatchObject(expected);
    // A list of all workflows must not fail for one of them.
    expect(readJournal(broken, 'clicks').count()).toBe(0);
  });

  test('read, as a later nstack wrote it, is left as it is', async () => {
    const later = join(folder, 'later.db');
    const database = new DatabaseSync(later);
    database.exec('PRAGMA user_version=99');
    database.close();
    const expected = { code: 'file-unreadable', message: expect.stringContaining('it has version 99') };
    await expect(createJournal(later, 'clicks')).rejects.toMatchObject(expected);
    await expect(readJournal(later, 'clicks').get(1)).rejects.toMatchObject(expected);
  });

  test('used any more, as it was closed, says so', async () => {
    await journal.close();
    await journal.close();
    await expect(journal.keep(letter('1'))).rejects.toMatchObject({
      code: 'defect',
      message: `the journal of clicks is closed: ${path}`,
    });
  });
});

test('what was given before the end is written', async () => {
  const given = [journal.keep(letter('1')), journal.commit('s', '0', 1), journal.keep(letter('2'))];
  await journal.close();
  await Promise.all(given);
  expect(reader.count()).toBe(2);
});

test('a letter that failed again takes the place of the old one in one transaction', async () => {
  await journal.keep(letter('1'));
  await Promise.all([journal.keep(letter('1', { attempts: 6 })), journal.drop([1])]);
  expect(await journal.page(0, 1_000_000)).toMatchObject([{ id: 2, attempts: 6 }]);
});

test('the file is of this user alone', async () => {
  await journal.keep(letter('1'));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
});
