import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` in a transaction that is committed, and synced, when this returns, and that has not happened when it throws. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // After some errors SQLite has rolled back by itself, and says so here.
    try {
      database.exec('ROLLBACK');
    } catch {}
    throw error;
  }
}
