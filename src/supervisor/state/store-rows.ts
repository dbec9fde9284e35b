import type { HistoryEntry } from '../../workflow/index.ts';
import type { StoredVersion, StoredWorkflow } from './store.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows of supervisor.db, which nobody else writes, in words. */
export function readWorkflow(row: Row | undefined): StoredWorkflow | undefined {
  if (row === undefined) return undefined;
  const { name, version, wanted, state, since, restarts } = row as unknown as StoredWorkflow;
  return {
    name,
    version,
    request: JSON.parse(String(row.request_json)),
    ...optional('plan', row.plan_json),
    wanted,
    wantedVersion: Number(row.wanted_version),
    state,
    since,
    restarts,
    ...optional('error', row.error_json),
    ...optional('outcome', row.outcome_json),
  };
}

export function readVersion(row: Row | undefined): StoredVersion | undefined {
  if (row === undefined) return undefined;
  const { workflow, version, created } = row as unknown as StoredVersion;
  return {
    workflow,
    version,
    created,
    request: JSON.parse(String(row.request_json)),
    ...optional('plan', row.plan_json),
  };
}

export function readHistory(row: Row): HistoryEntry {
  const { at, workflow, version, event, detail } = row as unknown as HistoryEntry;
  return { at, workflow, version, event, detail };
}

function optional<Key extends string>(key: Key, json: unknown) {
  return (json === null ? {} : { [key]: JSON.parse(String(json)) }) as { readonly [key in Key]?: never };
}
