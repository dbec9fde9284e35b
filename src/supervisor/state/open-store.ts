import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { NstackError } from '../../core/index.ts';
import type { HistoryEntry, WorkflowRequest } from '../../workflow/index.ts';
import { inTransaction } from './in-transaction.ts';
import { lockFolder } from './lock-folder.ts';
import { openDatabase } from './open-database.ts';
import { sqliteError } from './sqlite-error.ts';
import { makeStateFolder } from './state-folder.ts';
import type { Store } from './store.ts';
import { readHistory, readVersion, readWorkflow } from './store-rows.ts';
import { storeMigrations } from './store-schema.ts';

/** Entries kept of each workflow; and of those that were removed, how many back in the history of all. */
const keptHistory = 1_000;
const keptOfRemoved = 10_000;
const longestDetail = 4_000;

const what = 'what the supervisor remembers';

/**
 * Opens the store of a state folder, which is made where it is missing, for this process alone. Throws NstackError: `supervisor-unavailable` where another process
 * has it, `permission` where the folder is not safe, `file-unreadable` where the database is broken or of a later nstack.
 */
export async function openStore(folder: string, now = () => new Date()): Promise<Store> {
  await makeStateFolder(folder);
  const lock = lockFolder(folder);
  try {
    const path = join(folder, 'supervisor.db');
    const database = openDatabase(path, { what, migrations: storeMigrations, patience: 5_000 });
    try {
      checkWhole(database);
      return createStore(database, path, now, lock.release);
    } catch (error) {
      database.close();
      throw sqliteError(what, path, error);
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Finds now, in a small file, what would otherwise be found by chance later. */
function checkWhole(database: DatabaseSync): void {
  const verdict = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (verdict !== 'ok') throw Object.assign(new Error(String(verdict)), { errcode: 11 });
}

function createStore(database: DatabaseSync, path: string, now: () => Date, release: () => void): Store {
  const sql = prepareAll(database);
  let together = false;

  function read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw sqliteError(what, path, error);
    }
  }

  function write<T>(work: () => T): T {
    if (together) return work();
    together = true;
    try {
      return read(() => inTransaction(database, work));
    } finally {
      together = false;
    }
  }

  function changeOne({ changes }: { readonly changes: number | bigint }, name: string): void {
    if (changes !== 1) throw new NstackError('workflow-unknown', `there is no workflow ${name}`);
  }

  function saveVersion(name: string, request: WorkflowRequest): number {
    const newest = readWorkflow(sql.workflow.get(name));
    if (newest !== undefined && sameRequest(newest.request, request)) {
      sql.setRequest.run(JSON.stringify(request), name, newest.version);
      return newest.version;
    }
    const version = (newest?.version ?? 0) + 1;
    const at = now().toISOString();
    if (newest === undefined) sql.addWorkflow.run(name, at);
    sql.addVersion.run(name, version, at, JSON.stringify(request));
    return version;
  }

  function addHistory(entry: Omit<HistoryEntry, 'at'>): HistoryEntry {
    const kept = { at: now().toISOString(), ...entry, detail: entry.detail.slice(0, longestDetail) };
    sql.addHistory.run(kept.at, kept.workflow, kept.version, kept.event, kept.detail);
    sql.trimHistory.run(kept.workflow, kept.workflow, keptHistory);
    return kept;
  }

  return {
    workflows: () => read(() => sql.workflows.all().flatMap((row) => readWorkflow(row) ?? [])),
    workflow: (name) => read(() => readWorkflow(sql.workflow.get(name))),
    version: (name, version) => read(() => readVersion(sql.version.get(name, version))),
    saveVersion: (name, request) => write(() => saveVersion(name, request)),
    savePlan: (name, version, plan) =>
      write(() => changeOne(sql.setPlan.run(JSON.stringify(plan), name, version), name)),
    setWanted: (name, wanted, version) =>
      write(() => changeOne(sql.setWanted.run(wanted, version, name), name)),
    setState: (name, { state, restarts, error, outcome }) =>
      write(() => {
        const at = now().toISOString();
        if (state !== undefined) changeOne(sql.setState.run(state, at, state, name), name);
        if (restarts !== undefined) changeOne(sql.setRestarts.run(restarts, name), name);
        if (error !== undefined) changeOne(sql.setError.run(orNull(error), name), name);
        if (outcome !== undefined) changeOne(sql.setOutcome.run(orNull(outcome), name), name);
      }),
    history: (name, most) => read(() => sql.history.all(name, most).map(readHistory).reverse()),
    addHistory: (entry) => write(() => addHistory(entry)),
    remove: (name) =>
      write(() => {
        changeOne(sql.remove.run(name), name);
        sql.trimRemoved.run(keptOfRemoved);
      }),
    together: write,
    close() {
      database.close();
      release();
    },
  };
}

function sameRequest(one: WorkflowRequest, other: WorkflowRequest): boolean {
  const said = ({ text, folder, retry = {}, trace = false }: WorkflowRequest) => ({
    text,
    folder,
    retry,
    trace,
  });
  return isDeepStrictEqual(said(one), said(JSON.parse(JSON.stringify(other))));
}

function orNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

const selectWorkflow = `
  SELECT w.*, v.version, v.request_json, v.plan_json FROM workflows w JOIN versions v
    ON v.workflow = w.name AND v.version = (SELECT max(version) FROM versions WHERE workflow = w.name)`;

function prepareAll(database: DatabaseSync) {
  const texts = {
    workflows: `${selectWorkflow} ORDER BY w.name`,
    workflow: `${selectWorkflow} WHERE w.name = ?`,
    version: 'SELECT * FROM versions WHERE workflow = ? AND version = ?',
    addWorkflow: `INSERT INTO workflows (name, wanted, wanted_version, state, since, restarts)
      VALUES (?, 'stopped', 1, 'defined', ?, 0)`,
    addVersion: 'INSERT INTO versions (workflow, version, created, request_json) VALUES (?, ?, ?, ?)',
    setRequest: 'UPDATE versions SET request_json = ? WHERE workflow = ? AND version = ?',
    setPlan: 'UPDATE versions SET plan_json = ? WHERE workflow = ? AND version = ?',
    setWanted: 'UPDATE workflows SET wanted = ?, wanted_version = ? WHERE name = ?',
    setState: 'UPDATE workflows SET since = iif(state = ?, since, ?), state = ? WHERE name = ?',
    setRestarts: 'UPDATE workflows SET restarts = ? WHERE name = ?',
    setError: 'UPDATE workflows SET error_json = ? WHERE name = ?',
    setOutcome: 'UPDATE workflows SET outcome_json = ? WHERE name = ?',
    history: 'SELECT * FROM history WHERE workflow = ? ORDER BY id DESC LIMIT ?',
    addHistory: 'INSERT INTO history (at, workflow, version, event, detail) VALUES (?, ?, ?, ?, ?)',
    trimHistory: `DELETE FROM history WHERE workflow = ? AND id <=
      (SELECT id FROM history WHERE workflow = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
    trimRemoved: `DELETE FROM history WHERE id <= (SELECT max(id) FROM history) - ?
      AND workflow NOT IN (SELECT name FROM workflows)`,
    remove: 'DELETE FROM workflows WHERE name = ?',
  };
  type Name = keyof typeof texts;
  const entries = Object.entries(texts).map(([name, text]) => [name, database.prepare(text)] as const);
  return Object.fromEntries(entries) as Record<Name, (typeof entries)[number][1]>;
}
