import { closeSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { NstackError } from '../../core/index.ts';
import { loadSqlite } from './load-sqlite.ts';
import { migrate } from './migrate.ts';
import { sqliteError } from './sqlite-error.ts';

export interface DatabaseOptions {
  /** What the file is, to begin a sentence about it: "the journal of clicks". */
  readonly what: string;
  /** SQL by version: the first makes version 1, and so on. One that was released never changes; what is new is one more at the end. */
  readonly migrations: readonly string[];
  /** Milliseconds that a statement waits in this thread while another process writes. */
  readonly patience: number;
}

/**
 * Opens the SQLite database at `path`, 0600, made where there is none, and brings it to the newest version. What a transaction has committed survives `kill -9` and
 * a power loss (WAL, synced at each commit). Throws NstackError where the file is broken, newer than this nstack, or cannot be written.
 */
export function openDatabase(path: string, { what, migrations, patience }: DatabaseOptions): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    makePrivate(path);
    database = new (loadSqlite().DatabaseSync)(path, { enableForeignKeyConstraints: false });
    database.exec(`PRAGMA busy_timeout=${patience}`);
    // Heeded by an empty file alone: what is deleted later gives its room back to the disk.
    database.exec('PRAGMA auto_vacuum=INCREMENTAL');
    database.exec('PRAGMA journal_mode=WAL');
    database.exec('PRAGMA synchronous=FULL');
    // A WAL that grew in a rush is cut back at the next checkpoint.
    database.exec('PRAGMA journal_size_limit=16777216');
    migrate(database, migrations, `${what} (${path})`);
    database.exec('PRAGMA foreign_keys=ON');
    return database;
  } catch (error) {
    database?.close();
    throw sqliteError(what, path, error);
  }
}

/**
 * SQLite gives the files beside the database the rights of the database itself. A file that is there is not opened: closing it would take SQLite's locks on it from every
 * other connection of this process (fcntl(2)).
 */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new NstackError('file-unwritable', `${path} cannot be made: ${said}`, {
      hint: 'Make room on its disk, or give this user the right to write its folder.',
      cause,
    });
  }
}
