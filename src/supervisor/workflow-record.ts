import { NstackError } from '../core/index.ts';
import type { HistoryEntry, WorkflowInfo, WorkflowState } from '../workflow/index.ts';
import type { StateChange, StoredWorkflow } from './state/store.ts';
import type { WorkflowSurroundings } from './workflow-surroundings.ts';

/** What goes with a new state in the store. */
interface Note {
  /** Left out: the state itself. */
  readonly event?: HistoryEntry['event'];
  readonly detail?: string;
  /** What the next supervisor does with it, where that changes. */
  readonly wanted?: StoredWorkflow['wanted'];
}

type Version = Pick<StoredWorkflow, 'version'>;

/** What the store has of one workflow, read once: only what is written here, and `refresh`, changes it. */
export interface WorkflowRecord {
  stored(): StoredWorkflow;
  /** The store has another version of it now. */
  refresh(): void;
  /** Notes what happened. That a disk refuses it is said in the log, and changes nothing about what happens. */
  note(version: Version, state: WorkflowState, change?: Omit<StateChange, 'state'>, note?: Note): void;
  /** What the next supervisor does with it; throws where the disk refuses. */
  want(wanted: StoredWorkflow['wanted'], version: Version): void;
  /** The version that ran, which need not be the newest. */
  wantedVersion(): Pick<StoredWorkflow, 'request' | 'version' | 'plan'>;
}

export function createWorkflowRecord(
  name: string,
  { store, changed, logged }: WorkflowSurroundings,
  info: () => WorkflowInfo,
): WorkflowRecord {
  let known: StoredWorkflow | undefined;

  function stored(): StoredWorkflow {
    known ??= store.workflow(name);
    if (known === undefined) throw new NstackError('workflow-unknown', `there is no workflow ${name}`);
    return known;
  }

  function refresh(): void {
    known = undefined;
  }

  return {
    stored,
    refresh,
    note({ version }, state, change = {}, note = {}) {
      try {
        store.together(() => {
          if (note.wanted !== undefined) store.setWanted(name, note.wanted, version);
          store.setState(name, { state, ...change });
          const { event = state, detail = '' } = note;
          store.addHistory({ workflow: name, version, event, detail });
        });
        refresh();
      } catch (error) {
        const at = new Date().toISOString();
        known = { ...stored(), state, since: at };
        const message = `that it is ${state} could not be noted: ${(error as Error).message}`;
        logged({ at, workflow: name, stage: 'supervisor', level: 'error', message });
      }
      changed(info);
    },
    want(wanted, { version }) {
      store.setWanted(name, wanted, version);
      refresh();
    },
    wantedVersion() {
      const newest = stored();
      return store.version(name, newest.wantedVersion) ?? newest;
    },
  };
}
