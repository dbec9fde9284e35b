import type { DatabaseSync } from 'node:sqlite';
import { NstackError } from '../../core/index.ts';
import { inTransaction } from './in-transaction.ts';

/**
 * Brings a database to the newest version, each step with its number (`PRAGMA user_version`) in a transaction of its own, so that a step that was cut short has not
 * happened. Two processes may do it at once. Expects that foreign keys are not enforced yet, as a step may replace a table that others point to.
 */
export function migrate(database: DatabaseSync, migrations: readonly string[], what: string): void {
  const found = versionOf(database);
  if (found > migrations.length) {
    throw new NstackError(
      'file-unreadable',
      `${what} was written by a later nstack: it has version ${found}, this nstack knows ${migrations.length}`,
      { hint: 'Run the nstack that wrote it, or a later one.' },
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < found) continue;
    inTransaction(database, () => {
      if (versionOf(database) !== index) return;
      database.exec(sql);
      if (database.prepare('PRAGMA foreign_key_check').get() !== undefined) {
        throw new Error(`version ${index + 1} of ${what} breaks a foreign key`);
      }
      database.exec(`PRAGMA user_version=${index + 1}`);
    });
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}
