/**
 * The schema of journal.db, by version. `at` is in milliseconds since 1970; what ends in `_json` is JSON. `order_key` is the number of the source's key. `kept.letters` is how many letters there are: counting them
 * would read them all. Ids are never used twice (AUTOINCREMENT), so that "after this one" means the same for ever.
 */
export const journalMigrations: readonly string[] = [
  `CREATE TABLE positions (
     source TEXT NOT NULL,
     partition TEXT NOT NULL,
     position_json TEXT NOT NULL,
     PRIMARY KEY (source, partition)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE letters (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     stage TEXT NOT NULL,
     attempts INTEGER NOT NULL,
     place TEXT,
     error_json TEXT NOT NULL,
     is_json INTEGER NOT NULL,
     payload BLOB NOT NULL
   ) STRICT;
   CREATE TABLE kept (letters INTEGER NOT NULL) STRICT;
   INSERT INTO kept VALUES (0);`,
  `ALTER TABLE letters ADD COLUMN order_key INTEGER;`,
];
