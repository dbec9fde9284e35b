import type { DatabaseSync } from 'node:sqlite';
import type { RpcError } from '../../../bridge/index.ts';
import { inTransaction } from '../../state/in-transaction.ts';
import { openDatabase } from '../../state/open-database.ts';
import type { DeadLetter } from '../journal.ts';
import type { JournalBatch } from './journal-batch.ts';
import { journalMigrations } from './journal-schema.ts';

/** A journal.db that is open in this thread. Calls block, and throw what SQLite says. */
export interface JournalFile {
  /** One transaction. */
  write(batch: JournalBatch): void;
  positions(source: string): Record<string, unknown>;
  forgetPositions(): void;
  /** Ascending, from the first with an id above `after`: `most` letters, or fewer where they would be more than `bytes` in all; one at least. */
  letters(after: number, most: number, bytes: number): StoredLetter[];
  letter(id: number): StoredLetter | undefined;
  /** Answers how many there were. */
  drop(ids: readonly number[]): number;
  /** At most `most` of those with an id up to `last`, the oldest first; answers how many there were. */
  dropUpTo(last: number, most: number): number;
  /** The highest id, 0 where there is no letter. */
  lastId(): number;
  /** How many letters are kept. */
  count(): number;
  /** Gives at most this many free pages back to the disk; answers whether there are more. */
  shrink(pages: number): boolean;
  close(): void;
}

export interface StoredLetter extends DeadLetter {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** `patience`: milliseconds that a call waits in this thread while another process writes. */
export function openJournalFile(path: string, workflow: string, patience: number): JournalFile {
  const what = `the journal of ${workflow}`;
  const database = openDatabase(path, { what, migrations: journalMigrations, patience });
  try {
    return createJournalFile(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function createJournalFile(database: DatabaseSync): JournalFile {
  const addLetter = database.prepare(
    `INSERT INTO letters (at, stage, attempts, place, order_key, error_json, is_json, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const setPosition = database.prepare('INSERT OR REPLACE INTO positions VALUES (?, ?, ?)');
  const positions = database.prepare('SELECT partition, position_json FROM positions WHERE source = ?');
  const lettersAfter = database.prepare('SELECT * FROM letters WHERE id > ? ORDER BY id LIMIT ?');
  const letter = database.prepare('SELECT * FROM letters WHERE id = ?');
  const dropOne = database.prepare('DELETE FROM letters WHERE id = ?');
  const dropOldest = database.prepare(
    'DELETE FROM letters WHERE id IN (SELECT id FROM letters WHERE id <= ? ORDER BY id LIMIT ?)',
  );
  const lastId = database.prepare('SELECT max(id) AS id FROM letters');
  const count = database.prepare('SELECT letters FROM kept');
  const free = database.prepare('PRAGMA freelist_count');
  const addToCount = database.prepare('UPDATE kept SET letters = letters + ?');

  const freePages = () => Number(free.get()?.freelist_count);

  function dropLetters(ids: readonly number[]): number {
    let dropped = 0;
    for (const id of ids) dropped += Number(dropOne.run(id).changes);
    if (dropped > 0) addToCount.run(-dropped);
    return dropped;
  }

  function keepLetters({ letters, payloads }: JournalBatch): void {
    let start = 0;
    for (const [at, stage, attempts, place, key, error, json, length] of letters) {
      addLetter.run(at, stage, attempts, place, key, error, json, payloads.subarray(start, start + length));
      start += length;
    }
    if (letters.length > 0) addToCount.run(letters.length);
  }

  return {
    write(batch) {
      inTransaction(database, () => {
        keepLetters(batch);
        for (const position of batch.positions) setPosition.run(...position);
        dropLetters(batch.dropped);
      });
    },
    positions(source) {
      const rows = positions.all(source);
      return Object.fromEntries(rows.map((row) => [row.partition, JSON.parse(String(row.position_json))]));
    },
    forgetPositions: () => database.exec('DELETE FROM positions'),
    letters(after, most, bytes) {
      const read: StoredLetter[] = [];
      let size = 0;
      for (const row of lettersAfter.iterate(after, most)) {
        const next = readLetter(row);
        size += next.payload.length;
        if (size > bytes && read.length > 0) break;
        read.push(next);
      }
      return read;
    },
    letter(id) {
      const row = letter.get(id);
      return row === undefined ? undefined : readLetter(row);
    },
    drop: (ids) => inTransaction(database, () => dropLetters(ids)),
    dropUpTo: (last, most) =>
      inTransaction(database, () => {
        const dropped = Number(dropOldest.run(last, most).changes);
        addToCount.run(-dropped);
        return dropped;
      }),
    lastId: () => Number(lastId.get()?.id ?? 0),
    count: () => Number(count.get()?.letters),
    shrink(pages) {
      const before = freePages();
      if (before > 0) database.exec(`PRAGMA incremental_vacuum(${pages})`);
      const after = freePages();
      return after > 0 && after < before;
    },
    close: () => database.close(),
  };
}

function readLetter(row: Readonly<Record<string, unknown>>): StoredLetter {
  const { id, at, stage, attempts, place, order_key: key, payload } = row;
  return {
    id: Number(id),
    at: Number(at),
    stage: String(stage),
    attempts: Number(attempts),
    ...(place === null ? {} : { place: String(place) }),
    ...(key === null ? {} : { key: Number(key) }),
    error: JSON.parse(String(row.error_json)) as RpcError,
    json: row.is_json === 1,
    payload: payload as Uint8Array,
  };
}
