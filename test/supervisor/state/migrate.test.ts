import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../../src/supervisor/state/open-database.ts';

const first = `CREATE TABLE words (word TEXT PRIMARY KEY) STRICT;
  CREATE TABLE uses (word TEXT NOT NULL REFERENCES words (word) ON DELETE CASCADE, place TEXT NOT NULL) STRICT;`;
const second = 'ALTER TABLE words ADD COLUMN language TEXT';
/** Replaces a table that another points to: the usual way to change a constraint in SQLite. */
const third = `CREATE TABLE newer (word TEXT PRIMARY KEY, language TEXT NOT NULL DEFAULT 'en') STRICT;
  INSERT INTO newer SELECT word, coalesce(language, 'en') FROM words;
  DROP TABLE words;
  ALTER TABLE newer RENAME TO words;`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nstack-migrate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(migrations: readonly string[]): DatabaseSync {
  return openDatabase(join(folder, 'some.db'), { what: 'the words', migrations, patience: 0 });
}

function version(database: DatabaseSync): unknown {
  return database.prepare('PRAGMA user_version').get()?.user_version;
}

test('a new file gets every version in order', () => {
  const database = open([first, second, third]);
  expect(version(database)).toBe(3);
  database.close();
});

test('a file of version 1 keeps what is in it when later versions are added to the list', () => {
  const old = open([first]);
  old.exec("INSERT INTO words VALUES ('Haus'); INSERT INTO uses VALUES ('Haus', 'p. 3')");
  old.close();
  const database = open([first, second, third]);
  expect(version(database)).toBe(3);
  expect({ ...database.prepare('SELECT * FROM words').get() }).toEqual({ word: 'Haus', language: 'en' });
  expect({ ...database.prepare('SELECT * FROM uses').get() }).toEqual({ word: 'Haus', place: 'p. 3' });
  expect(() => database.exec("INSERT INTO uses VALUES ('none', 'p. 1')")).toThrow('FOREIGN KEY');
  database.close();
});

test('a step that fails has not happened, and the steps before it have', () => {
  const broken = `${third} INSERT INTO nowhere VALUES (1);`;
  expect(() => open([first, second, broken])).toThrow('no such table: nowhere');
  const database = open([first, second]);
  expect(version(database)).toBe(2);
  database.close();
});

test('a step that breaks a foreign key is refused', () => {
  const old = open([first]);
  old.exec("INSERT INTO words VALUES ('Haus'); INSERT INTO uses VALUES ('Haus', 'p. 3')");
  old.close();
  expect(() => open([first, 'DELETE FROM words'])).toThrow('breaks a foreign key');
});

test('a file of a later nstack is refused, with the versions and the way out', () => {
  open([first, second]).close();
  expect(() => open([first])).toThrow(
    expect.objectContaining({
      code: 'file-unreadable',
      message: `the words (${join(folder, 'some.db')}) was written by a later nstack: it has version 2, this nstack knows 1`,
      hint: 'Run the nstack that wrote it, or a later one.',
    }),
  );
});

test('the file is of this user alone, and so are the files beside it', () => {
  const database = open([first]);
  for (const name of ['some.db', 'some.db-wal', 'some.db-shm']) {
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  }
  expect(database.prepare('PRAGMA synchronous').get()?.synchronous).toBe(2);
  expect(database.prepare('PRAGMA journal_mode').get()?.journal_mode).toBe('wal');
  database.close();
});

test('a folder that is not there is told with its path', () => {
  folder = join(folder, 'gone');
  expect(() => open([first])).toThrow(
    expect.objectContaining({
      code: 'file-unwritable',
      message: expect.stringContaining(join(folder, 'some.db')),
    }),
  );
});
