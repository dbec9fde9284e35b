import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { NstackError } from '../../core/index.ts';
import { loadSqlite } from './load-sqlite.ts';
import { isBusy, sqliteError } from './sqlite-error.ts';

/**
 * Takes a state folder for this process alone, until `release` or its end, however it ends: a transaction that is never finished holds SQLite's lock on
 * `supervisor.lock`, and the operating system takes it back. Throws `supervisor-unavailable` where another process has it.
 */
export function lockFolder(folder: string): { release(): void } {
  const path = join(folder, 'supervisor.lock');
  let lock: DatabaseSync | undefined;
  try {
    lock = new (loadSqlite().DatabaseSync)(path);
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if (!isBusy(error)) throw sqliteError("the supervisor's lock", path, error);
    throw new NstackError(
      'supervisor-unavailable',
      `a supervisor${ownerOf(folder)} already runs with the state folder ${folder}`,
      { hint: 'Talk to that one, stop it first, or name another folder in NSTACK_STATE.', cause: error },
    );
  }
  notePid(folder);
  const held = lock;
  return { release: () => held.close() };
}

/** For people, and for the message to whoever comes second. Nothing depends on it, so that a full disk does not matter here. */
function notePid(folder: string): void {
  try {
    writeFileSync(join(folder, 'supervisor.pid'), `${process.pid}\n`, { mode: 0o600 });
  } catch {}
}

function ownerOf(folder: string): string {
  try {
    const pid = readFileSync(join(folder, 'supervisor.pid'), 'utf8').trim();
    return /^\d+$/.test(pid) ? ` (process ${pid})` : '';
  } catch {
    return '';
  }
}
