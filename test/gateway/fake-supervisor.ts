import { NstackError, nearestWord } from '../../src/core/index.ts';
import type { DeadLetterDesk, Supervisor } from '../../src/supervisor/supervisor.ts';
import type {
  DeadLetterInfo,
  HistoryEntry,
  LogEntry,
  SupervisorEvent,
  WorkflowInfo,
  WorkflowRequest,
  WorkflowState,
  WorkflowStatus,
} from '../../src/workflow/index.ts';

export interface FakeSupervisor extends Supervisor {
  /** Tells every watcher. */
  tell(event: SupervisorEvent): void;
  /** Sets a workflow's status, and tells. */
  report(name: string, status: WorkflowStatus): void;
  /** Adds to a workflow's log, and tells. */
  print(name: string, message: string): void;
  /** Gives up on a message. */
  bury(name: string, letter: Omit<DeadLetterInfo, 'id' | 'workflow' | 'at'>): number;
  readonly watchers: number;
  readonly closed: readonly { readonly now: boolean }[];
}

interface Kept {
  info: WorkflowInfo;
  readonly history: HistoryEntry[];
  readonly log: LogEntry[];
  letters: DeadLetterInfo[];
}

/**
 * A supervisor in memory that keeps the contract of src/supervisor/supervisor.ts and carries no messages. A text with `wrong` in it is invalid, one with `slow` never gets to run; `close` waits for
 * `drain`, unless it is told to end now.
 */
export function createFakeSupervisor(options: { readonly drain?: Promise<void> } = {}): FakeSupervisor {
  const workflows = new Map<string, Kept>();
  const watchers = new Set<(event: SupervisorEvent) => void>();
  const closed: { readonly now: boolean }[] = [];
  let lastLetter = 0;
  let endNow: () => void = () => {};
  const atOnce = new Promise<void>((resolve) => {
    endNow = resolve;
  });

  function tell(event: SupervisorEvent): void {
    for (const watcher of watchers) watcher(event);
  }

  function kept(name: string): Kept {
    const found = workflows.get(name);
    if (found !== undefined) return found;
    const nearest = nearestWord(name, workflows.keys());
    throw new NstackError('workflow-unknown', `there is no workflow ${JSON.stringify(name)}`, {
      hint:
        nearest === undefined ? '`nstack ps --all` lists them.' : `Did you mean ${JSON.stringify(nearest)}?`,
    });
  }

  function update(name: string, change: Partial<WorkflowInfo>): WorkflowInfo {
    const entry = kept(name);
    entry.info = { ...entry.info, ...change, deadLetters: entry.letters.length };
    if (change.state !== undefined) {
      const { state, version } = entry.info;
      const at = new Date().toISOString();
      entry.info = { ...entry.info, since: at };
      entry.history.push({ at, workflow: name, version, event: state, detail: '' });
    }
    tell({ kind: 'workflow', workflow: entry.info });
    return entry.info;
  }

  function require(name: string, allowed: readonly WorkflowState[], what: string): void {
    const { state } = kept(name).info;
    if (!allowed.includes(state)) throw new NstackError('usage', `${name} is ${state} and cannot be ${what}`);
  }

  async function define(request: WorkflowRequest): Promise<WorkflowInfo> {
    if (request.text.includes('wrong')) {
      throw new NstackError('workflow-invalid', 'the workflow was not started', {
        diagnostics: [
          {
            code: 'service-unknown',
            severity: 'error',
            message: 'there is no service "wrong"',
            place: { file: request.file, line: 1, column: request.text.indexOf('wrong') + 1, length: 5 },
            sourceLine: request.text,
          },
        ],
      });
    }
    const name = request.name ?? /^(\S+) = /.exec(request.text)?.[1] ?? 'workflow';
    const known = workflows.get(name);
    if (known !== undefined) {
      const version = known.info.version + (known.info.text === request.text ? 0 : 1);
      return update(name, { text: request.text, version });
    }
    const info: WorkflowInfo = {
      name,
      version: 1,
      text: request.text,
      state: 'defined',
      since: new Date().toISOString(),
      restarts: 0,
      deadLetters: 0,
    };
    workflows.set(name, { info, history: [], log: [], letters: [] });
    return update(name, { state: 'defined' });
  }

  const deadLetters: DeadLetterDesk = {
    list: async (name, { after = 0, most }) =>
      kept(name)
        .letters.filter(({ id }) => id > after)
        .slice(0, most),
    async get(name, id) {
      const letter = kept(name).letters.find((one) => one.id === id);
      if (letter === undefined) throw new NstackError('usage', `${name} has no dead letter ${id}`);
      return letter;
    },
    async replay(name, ids) {
      require(name, ['running'], 'replayed to');
      return { replayed: await deadLetters.drop(name, ids), failed: 0 };
    },
    async drop(name, ids) {
      const before = kept(name).letters;
      kept(name).letters = before.filter(({ id }) => ids !== undefined && !ids.includes(id));
      update(name, {});
      return before.length - kept(name).letters.length;
    },
  };

  return {
    define,
    async start(what) {
      const { name } = 'text' in what ? await define(what) : kept(what.name as string).info;
      const { text } = update(name, { state: 'starting' });
      if (text.includes('slow')) await new Promise(() => {});
      return update(name, { state: 'running' });
    },
    async stop(name) {
      require(name, ['running', 'paused', 'restarting', 'starting'], 'stopped');
      update(name, { state: 'stopping' });
      return update(name, { state: 'stopped' });
    },
    async pause(name) {
      require(name, ['running'], 'paused');
      return update(name, { state: 'paused' });
    },
    async resume(name) {
      require(name, ['paused'], 'resumed');
      return update(name, { state: 'running' });
    },
    async remove(name) {
      require(name, ['defined', 'stopped', 'ended', 'failed'], 'removed');
      workflows.delete(name);
      tell({ kind: 'removed', name });
    },
    list: () => [...workflows.values()].map(({ info }) => info),
    get: (name) => kept(name).info,
    history: (name, most) => kept(name).history.slice(-most),
    traces: async () => [],
    logs: async (name, most) => kept(name).log.slice(-most),
    watch(listener) {
      for (const { info } of workflows.values()) listener({ kind: 'workflow', workflow: info });
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    deadLetters,
    async close(how) {
      closed.push(how);
      if (how.now) endNow();
      await Promise.race([options.drain, atOnce]);
    },
    tell,
    report: (name, status) => void update(name, { status }),
    print(name, message) {
      const entry: LogEntry = {
        at: new Date().toISOString(),
        workflow: name,
        stage: 'Score',
        level: 'print',
        message,
      };
      kept(name).log.push(entry);
      tell({ kind: 'log', entry });
    },
    bury(name, letter) {
      lastLetter += 1;
      kept(name).letters.push({ id: lastLetter, workflow: name, at: new Date().toISOString(), ...letter });
      update(name, {});
      return lastLetter;
    },
    get watchers() {
      return watchers.size;
    },
    closed,
  };
}
