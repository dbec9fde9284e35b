import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NstackError, nearestWord } from '../core/index.ts';
import { connectEngine } from '../engine/index.ts';
import {
  defaultRetry,
  definitionNamed,
  type LogEntry,
  type Plan,
  type SupervisorEvent,
  type WorkflowInfo,
  type WorkflowRequest,
  type WorkflowState,
} from '../workflow/index.ts';
import { type JournalReader, readJournal } from './data-path/journal/read-journal.ts';
import { makePlan } from './make-plan.ts';
import { createManagedWorkflow, type ManagedWorkflow } from './managed-workflow.ts';
import { endOldDataPath } from './old-data-path.ts';
import { requireTrusted, type Trust } from './require-trusted.ts';
import { startDataPath } from './start-data-path.ts';
import { openStore } from './state/open-store.ts';
import { makeWorkflowFolder, workflowFolder } from './state/state-folder.ts';
import { readTraces } from './state/trace-file.ts';
import { createWorkflowLog, type WorkflowLog } from './state/workflow-log.ts';
import type { DeadLetterDesk, Supervisor } from './supervisor.ts';
import { workflowName } from './workflow-name.ts';
import type { WorkflowSurroundings } from './workflow-surroundings.ts';

export interface CreateSupervisorOptions {
  readonly stateFolder: string;
  /** Folder of nstack's package.json: the data path's program is in dist/ below it. */
  readonly packageRoot: string;
  /** Absolute path of the connections file; it need not be there. */
  readonly connectionsFile: string;
  /** What images are checked against before they run. */
  readonly trust: Trust;
  /** Prints one line of the supervisor's own log. */
  log(line: string): void;
}

/** Opens the supervisor of a state folder, which nobody else has from then on, and starts what ran when the last one ended, however that was. */
export async function createSupervisor(options: CreateSupervisorOptions): Promise<Supervisor> {
  const { stateFolder, packageRoot, connectionsFile, trust } = options;
  const store = await openStore(stateFolder);
  const workflows = new Map<string, ManagedWorkflow>();
  const journals = new Map<string, JournalReader>();
  const logs = new Map<string, WorkflowLog>();
  const watchers = new Set<(event: SupervisorEvent) => void>();
  /** Workflows that have had a data path of this supervisor's. */
  const carried = new Set<string>();
  const turns = new Map<string, Promise<void>>();
  const removals = new Map<string, Promise<void>>();

  const around: WorkflowSurroundings = {
    store,
    async plan(request, name) {
      const engine = await connectEngine();
      const workflow = definitionNamed(request, name);
      return { ...(await makePlan(engine, { ...request, connectionsFile, trust, ...workflow })), name };
    },
    async job(name, { folder, retry, trace = false }, plan) {
      // A plan that ran before is checked anew: the policy may be another one now.
      await requireTrusted(plan, trust);
      const kept = await makeWorkflowFolder(stateFolder, name);
      return {
        plan,
        folder,
        retry: { ...defaultRetry, ...retry },
        trace,
        connectionsFile,
        keep: { kind: 'folder', path: kept },
      };
    },
    async startDataPath(name, onEvent) {
      // Those that this supervisor has carried are swept when they end.
      if (!carried.has(name)) {
        await endOldDataPath(workflowFolder(stateFolder, name));
        await around.sweep();
        carried.add(name);
      }
      return startDataPath({ packageRoot, stdio: 'ignore', onEvent });
    },
    async sweep() {
      try {
        await (await connectEngine()).sweep();
      } catch (error) {
        options.log(`instances that are left over could not be removed: ${(error as Error).message}`);
      }
    },
    deadLetters: (name) => journalOf(name).count(),
    changed(info) {
      if (watchers.size > 0) tell({ kind: 'workflow', workflow: info() });
    },
    logged(entry) {
      logOf(entry.workflow).append(entry);
      tell({ kind: 'log', entry });
    },
  };

  function tell(event: SupervisorEvent): void {
    for (const watcher of watchers) watcher(event);
  }

  function journalOf(name: string): JournalReader {
    const known =
      journals.get(name) ?? readJournal(join(workflowFolder(stateFolder, name), 'journal.db'), name);
    journals.set(name, known);
    return known;
  }

  function logOf(name: string): WorkflowLog {
    const known = logs.get(name) ?? createWorkflowLog(workflowFolder(stateFolder, name));
    logs.set(name, known);
    return known;
  }

  function manage(name: string): ManagedWorkflow {
    const known = workflows.get(name) ?? createManagedWorkflow(name, around);
    workflows.set(name, known);
    return known;
  }

  function find(name: string): ManagedWorkflow {
    const found = workflows.get(name);
    if (found !== undefined) return found;
    const nearest = nearestWord(name, workflows.keys());
    throw new NstackError('workflow-unknown', `there is no workflow ${JSON.stringify(name)}`, {
      hint:
        nearest === undefined
          ? '`nstack ps --all` lists those that there are.'
          : `Did you mean ${JSON.stringify(nearest)}?`,
    });
  }

  /** Starts and removals of one name, one after the other. */
  function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const done = (turns.get(name) ?? Promise.resolve()).then(work);
    const over = done.then(
      () => {},
      () => {},
    );
    turns.set(name, over);
    void over.then(() => turns.get(name) === over && turns.delete(name));
    return done;
  }

  function requireOpen(): void {
    if (closing === undefined) return;
    throw new NstackError('supervisor-unavailable', 'the supervisor is ending', {
      hint: 'Start it again: `nstack supervisor start`.',
    });
  }

  async function define(
    request: WorkflowRequest,
  ): Promise<{ readonly info: WorkflowInfo; readonly plan: Plan }> {
    const name = workflowName(request);
    const plan = await around.plan(request, name);
    await removals.get(name);
    await makeWorkflowFolder(stateFolder, name);
    requireOpen();
    store.saveVersion(name, request);
    const workflow = manage(name);
    workflow.refresh();
    const info = workflow.info();
    tell({ kind: 'workflow', workflow: info });
    return { info, plan };
  }

  async function start(what: { readonly name: string } | WorkflowRequest): Promise<WorkflowInfo> {
    requireOpen();
    if (!('text' in what)) return inTurn(what.name, () => startKnown(what.name));
    const { info, plan } = await define(what);
    return inTurn(info.name, () => startKnown(info.name, plan));
  }

  /** `plan`: one that was made just now, of the newest version. */
  async function startKnown(name: string, plan?: Plan): Promise<WorkflowInfo> {
    const workflow = find(name);
    const { state } = workflow.info();
    if (workflow.isRunning) {
      const isNewest = workflow.runningVersion === store.workflow(name)?.version;
      if (isNewest && !workflow.isStopping) return workflow.info();
      // It stays wanted: a supervisor that ends before the new start goes on with what ran.
      await workflow.leave({ now: false });
    }
    if (state === 'ended') await forgetPositions(name);
    requireOpen();
    return workflow.start({ again: false, paused: false, ...(plan === undefined ? {} : { plan }) });
  }

  function requireStopped(name: string): ManagedWorkflow {
    const workflow = find(name);
    if (!workflow.isRunning) return workflow;
    throw new NstackError('usage', `${name} runs`, { hint: `Stop it first: \`nstack stop ${name}\`.` });
  }

  /** Its folder goes first: a workflow whose name is used again must not find the positions of the old one, whatever ends this process meanwhile. */
  async function remove(name: string): Promise<void> {
    const { version } = requireStopped(name).info();
    const folder = workflowFolder(stateFolder, name);
    const aside = `${folder}~`;
    await logs.get(name)?.close();
    logs.delete(name);
    closeJournal(name);
    await rm(aside, { recursive: true, force: true });
    await rename(folder, aside).catch(ignoreMissing);
    closeJournal(name);
    store.together(() => {
      store.addHistory({ workflow: name, version, event: 'removed', detail: '' });
      store.remove(name);
    });
    workflows.delete(name);
    tell({ kind: 'removed', name });
    await rm(aside, { recursive: true, force: true });
  }

  function closeJournal(name: string): void {
    journals.get(name)?.close();
    journals.delete(name);
  }

  /** What ended begins anew. Dead letters stay. */
  async function forgetPositions(name: string): Promise<void> {
    await journalOf(name).forgetPositions();
  }

  const deadLetters: DeadLetterDesk = {
    async list(name, { after, most }) {
      find(name);
      return journalOf(name).list(after ?? 0, most);
    },
    async get(name, id) {
      find(name);
      const letter = await journalOf(name).get(id);
      if (letter === undefined)
        throw new NstackError('workflow-unknown', `${name} has no dead letter ${id}`, {
          hint: `\`nstack dead-letters list ${name}\` lists them.`,
        });
      return letter;
    },
    async replay(name, ids) {
      const { ended, failed, refused } = await find(name).replay(ids);
      const [first] = refused;
      if (first !== undefined && ended.length === 0)
        throw new NstackError('usage', `dead letter ${first.id} cannot be sent again: ${first.reason}`);
      return { replayed: ended.length - failed, failed: failed + refused.length };
    },
    async drop(name, ids) {
      find(name);
      return journalOf(name).drop(ids);
    },
  };

  let closing: Promise<void> | undefined;

  /** The last supervisor ended before it could say how this one did. */
  function noteEnd(name: string, version: number): void {
    store.together(() => {
      store.setState(name, { state: 'stopped' });
      store.addHistory({ workflow: name, version, event: 'stopped', detail: 'its supervisor had ended' });
    });
  }

  async function closeFiles(): Promise<void> {
    await Promise.all(turns.values());
    for (const journal of journals.values()) journal.close();
    await Promise.all([...logs.values()].map((log) => log.close()));
    store.close();
  }

  for (const { name } of store.workflows()) manage(name);
  for (const { name, version, wanted, state } of store.workflows()) {
    if (wanted === 'stopped') {
      if (!atRest.has(state)) noteEnd(name, version);
      continue;
    }
    manage(name)
      .start({ again: true, paused: wanted === 'paused' })
      .catch((error: unknown) => options.log(`${name} does not start: ${(error as Error).message}`));
  }

  return {
    async define(request) {
      requireOpen();
      return (await define(request)).info;
    },
    start,
    stop: (name, how) => find(name).stop(how),
    pause: async (name) => find(name).pause(),
    resume: async (name) => find(name).resume(),
    async remove(name) {
      requireStopped(name);
      const removed = inTurn(name, () => remove(name));
      const over = removed.catch(() => {});
      removals.set(name, over);
      await removed.finally(() => removals.delete(name));
    },
    list: () => [...workflows.values()].map((workflow) => workflow.info()),
    get: (name) => find(name).info(),
    history: (name, most) => store.history(name, most),
    async logs(name, most): Promise<readonly LogEntry[]> {
      find(name);
      return logOf(name).last(most);
    },
    async traces(name, most) {
      find(name);
      return readTraces(workflowFolder(stateFolder, name), most);
    },
    watch(listener) {
      for (const workflow of workflows.values()) listener({ kind: 'workflow', workflow: workflow.info() });
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    deadLetters,
    async close(how) {
      // A second call may come while the first waits for what is on its way, and be in more of a hurry.
      const left = Promise.all([...workflows.values()].map((workflow) => workflow.leave(how)));
      closing ??= left.then(closeFiles);
      await Promise.all([left, closing]);
    },
  };
}

/** States of a workflow that nothing carries. */
const atRest: ReadonlySet<WorkflowState> = new Set(['defined', 'stopped', 'ended', 'failed']);

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
