/**
 * The schema of supervisor.db, by version. `since` and `at` are ISO 8601; what ends in `_json` is JSON. History has no foreign key: it outlives its workflow.
 */
export const storeMigrations: readonly string[] = [
  `CREATE TABLE workflows (
     name TEXT PRIMARY KEY,
     wanted TEXT NOT NULL,
     wanted_version INTEGER NOT NULL,
     state TEXT NOT NULL,
     since TEXT NOT NULL,
     restarts INTEGER NOT NULL,
     error_json TEXT,
     outcome_json TEXT
   ) STRICT;
   CREATE TABLE versions (
     workflow TEXT NOT NULL REFERENCES workflows (name) ON DELETE CASCADE,
     version INTEGER NOT NULL,
     created TEXT NOT NULL,
     request_json TEXT NOT NULL,
     plan_json TEXT,
     PRIMARY KEY (workflow, version)
   ) STRICT;
   CREATE TABLE history (
     id INTEGER PRIMARY KEY,
     at TEXT NOT NULL,
     workflow TEXT NOT NULL,
     version INTEGER NOT NULL,
     event TEXT NOT NULL,
     detail TEXT NOT NULL
   ) STRICT;
   CREATE INDEX history_of_workflow ON history (workflow, id);`,
];
