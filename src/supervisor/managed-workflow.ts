import { setTimeout as delay } from 'node:timers/promises';
import { fromErrorMessage, NstackError, toErrorMessage } from '../core/index.ts';
import type {
  Plan,
  WorkflowInfo,
  WorkflowOutcome,
  WorkflowRequest,
  WorkflowStatus,
} from '../workflow/index.ts';
import type { ReplayResult } from './data-path/replay.ts';
import type { DataPathEvent } from './messages.ts';
import { createReplayDesk } from './replay-desk.ts';
import { createRestartPauses } from './restart-pauses.ts';
import type { DataPath } from './start-data-path.ts';
import { createWorkflowRecord } from './workflow-record.ts';
import type { WorkflowSurroundings } from './workflow-surroundings.ts';

/** `again`: it ran before this supervisor. `plan`: of its newest version, where one was made just now. */
export interface StartHow {
  readonly again: boolean;
  readonly paused: boolean;
  readonly plan?: Plan;
}

/** One workflow of a supervisor, running or not. Its methods are those of {@link import('./supervisor.ts').Supervisor}. */
export interface ManagedWorkflow {
  info(): WorkflowInfo;
  /** Starts its newest version. `again`: it ran before this supervisor, so a fault that may heal is waited out. */
  start(how: StartHow): Promise<WorkflowInfo>;
  stop(how: { readonly now: boolean }): Promise<WorkflowInfo>;
  pause(): WorkflowInfo;
  resume(): WorkflowInfo;
  replay(ids: readonly number[] | undefined): Promise<ReplayResult>;
  readonly isRunning: boolean;
  /** It runs, and someone wants it to end. */
  readonly isStopping: boolean;
  /** The version that runs. */
  readonly runningVersion: number | undefined;
  /** The store has another version of it now. */
  refresh(): void;
  /** Ends it without forgetting that it is wanted. */
  leave(how: { readonly now: boolean }): Promise<void>;
}

/** Milliseconds that a data path may take to end at once. */
const grace = 10_000;

/** One time that a workflow is carried, from its start until it ends for good or is stopped; over several data paths where they fail. */
interface Run {
  readonly version: number;
  readonly request: WorkflowRequest;
  readonly plan: Plan;
  dataPath: DataPath | undefined;
  /** Whether that data path reads its sources. */
  carries: boolean;
  /** Aborted when someone wants it to end. */
  readonly halt: AbortController;
  paused: boolean;
  /** Resolves when messages are carried for the first time. */
  readonly running: PromiseWithResolvers<void>;
  readonly over: Promise<void>;
}

export function createManagedWorkflow(name: string, around: WorkflowSurroundings): ManagedWorkflow {
  const { store } = around;
  const kept = createWorkflowRecord(name, around, info);
  const replays = createReplayDesk(name);
  let run: Run | undefined;
  /** A start, until messages are carried or it has failed; there is no run before the plan is made. */
  let starting: { readonly halt: AbortController; readonly done: Promise<void> } | undefined;
  let status: WorkflowStatus | undefined;

  function info(): WorkflowInfo {
    const { version, request, state, since, restarts, error, outcome } = kept.stored();
    return {
      name,
      version: run?.version ?? version,
      text: (run?.request ?? request).text,
      state,
      since,
      restarts,
      deadLetters: around.deadLetters(name),
      ...(error === undefined ? {} : { error }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(status === undefined || run === undefined ? {} : { status }),
    };
  }

  async function start(how: StartHow): Promise<WorkflowInfo> {
    if (run !== undefined || starting !== undefined) throw stateError('runs already', 'Stop it first.');
    const halt = new AbortController();
    const done = begin(how, halt);
    starting = { halt, done };
    try {
      await done;
    } finally {
      starting = undefined;
    }
    return info();
  }

  async function begin({ again, paused, plan: fresh }: StartHow, halt: AbortController): Promise<void> {
    const { request, version, plan: pinned } = again ? kept.wantedVersion() : kept.stored();
    const plan = fresh ?? (again ? pinned : undefined) ?? (await around.plan(request, name));
    if (halt.signal.aborted) throw beforeItRan();
    store.together(() => {
      store.savePlan(name, version, plan);
      store.setWanted(name, paused ? 'paused' : 'running', version);
    });
    kept.refresh();
    const running = Promise.withResolvers<void>();
    running.promise.catch(() => {});
    const over = Promise.withResolvers<void>();
    const current: Run = {
      version,
      request,
      plan,
      dataPath: undefined,
      carries: false,
      halt,
      paused,
      running,
      over: over.promise,
    };
    run = current;
    status = undefined;
    kept.note(current, 'starting', { restarts: 0, error: null, outcome: null });
    void carry(current, again).then(over.resolve, (error: unknown) => {
      running.reject(error);
      over.reject(error);
    });
    over.promise.catch(() => {});
    await running.promise;
  }

  /** Carries the workflow with one data path after the other until one ends as it should. */
  async function carry(current: Run, again: boolean): Promise<void> {
    const pauses = createRestartPauses();
    let heals = again;
    for (let restarts = 0; ; restarts++) {
      const end = await carryOnce(current, () => {
        heals = true;
        pauses.running();
        current.carries = true;
        if (!current.halt.signal.aborted) kept.note(current, current.paused ? 'paused' : 'running');
      });
      if (end.kind === 'outcome') return finish(current, end.outcome);
      if (current.halt.signal.aborted) return finish(current, undefined, end.error);
      if (!heals || isHopeless(end.error)) return fail(current, end.error);
      const detail = end.error.message;
      kept.note(
        current,
        'restarting',
        { restarts: restarts + 1, error: toErrorMessage(end.error) },
        { event: 'crashed', detail },
      );
      await delay(pauses.next(), undefined, { signal: current.halt.signal }).catch(() => {});
      if (current.halt.signal.aborted) return finish(current, undefined);
    }
  }

  type End =
    | { readonly kind: 'outcome'; readonly outcome: WorkflowOutcome }
    | { readonly kind: 'fault'; readonly error: NstackError };

  async function carryOnce(current: Run, onRunning: () => void): Promise<End> {
    let last: DataPathEvent | undefined;
    try {
      const job = await around.job(name, current.request, current.plan);
      const dataPath = await around.startDataPath(name, (event) => {
        last = event.kind === 'ended' || event.kind === 'failed' ? event : last;
        if (event.kind === 'running') {
          onRunning();
          current.running.resolve();
        } else take(current, event);
      });
      current.dataPath = dataPath;
      if (current.halt.signal.aborted) dataPath.kill();
      dataPath.send({ kind: 'start', job, paused: current.paused });
      const how = await dataPath.exit;
      await around.sweep();
      if (last?.kind === 'ended') return { kind: 'outcome', outcome: last.outcome };
      if (last?.kind === 'failed') return { kind: 'fault', error: fromErrorMessage(last.error) };
      const error = new NstackError('instance-died', `its data path died (${how})`);
      return { kind: 'fault', error };
    } catch (error) {
      return {
        kind: 'fault',
        error: error instanceof NstackError ? error : fromErrorMessage(toErrorMessage(error)),
      };
    } finally {
      current.dataPath = undefined;
      current.carries = false;
      status = undefined;
      replays.end();
    }
  }

  function take(current: Run, event: DataPathEvent): void {
    if (event.kind === 'status') {
      status = event.status;
      around.changed(info);
    } else if (event.kind === 'log') {
      around.logged({ at: new Date().toISOString(), workflow: name, ...event.log });
    } else if (event.kind === 'replayed') {
      replays.take(event);
    } else if (event.kind === 'ended') {
      status = status === undefined ? undefined : { ...status, phase: 'ended' };
      current.paused = false;
    }
  }

  /** It has ended as it should, or as someone asked; then a fault may have come on the way. */
  function finish(current: Run, outcome: WorkflowOutcome | undefined, fault?: NstackError): void {
    const leaving = current.halt.signal.reason === 'leave';
    const state = outcome?.how === 'complete' ? 'ended' : 'stopped';
    run = undefined;
    kept.note(current, state, outcome === undefined ? {} : { outcome }, {
      ...(fault === undefined || fault.code === 'interrupted' ? {} : { detail: fault.message }),
      // One that is left is wanted still: the next supervisor starts it.
      ...(leaving && state !== 'ended' ? {} : { wanted: 'stopped' }),
    });
    current.running.reject(beforeItRan());
  }

  function fail(current: Run, error: NstackError): void {
    run = undefined;
    kept.note(
      current,
      'failed',
      { error: toErrorMessage(error) },
      { detail: error.message, wanted: 'stopped' },
    );
    current.running.reject(error);
  }

  async function halt(current: Run, how: { readonly now: boolean }, why: 'stop' | 'leave'): Promise<void> {
    current.halt.abort(why);
    const { dataPath, carries } = current;
    dataPath?.send({ kind: how.now || !carries ? 'stop-now' : 'stop' });
    const timer = how.now || !carries ? setTimeout(() => dataPath?.kill(), grace) : undefined;
    await current.over.finally(() => clearTimeout(timer));
  }

  /** Ends a start that has no run yet. */
  async function haltStart(why: 'stop' | 'leave'): Promise<void> {
    starting?.halt.abort(why);
    await starting?.done.catch(() => {});
  }

  function beforeItRan(): NstackError {
    return new NstackError('interrupted', `${name} was stopped before it ran`);
  }

  function required(what: string): Run {
    if (run === undefined)
      throw stateError('does not run', `Start it before you ${what}: \`nstack start ${name}\`.`);
    if (run.halt.signal.aborted) throw stateError('is stopping', 'Wait until it has, and start it again.');
    return run;
  }

  function stateError(words: string, hint: string): NstackError {
    return new NstackError('usage', `${name} ${words}`, { hint });
  }

  return {
    info,
    start,
    async stop(how) {
      const current = run;
      if (current === undefined && starting !== undefined) {
        await haltStart('stop');
        return info();
      }
      if (current === undefined) {
        const { state, wanted, wantedVersion } = kept.stored();
        // One that could not be started is wanted still.
        if (wanted !== 'stopped') kept.note({ version: wantedVersion }, 'stopped', {}, { wanted: 'stopped' });
        if (wanted !== 'stopped' || state === 'stopped' || state === 'ended') return info();
        throw stateError(`is ${state}`, 'There is nothing to stop.');
      }
      if (!current.halt.signal.aborted) kept.note(current, 'stopping', {}, { wanted: 'stopped' });
      await halt(current, how, 'stop');
      return info();
    },
    pause() {
      const current = required('pause it');
      kept.want('paused', current);
      current.paused = true;
      current.dataPath?.send({ kind: 'pause' });
      if (kept.stored().state === 'running') kept.note(current, 'paused');
      return info();
    },
    resume() {
      const current = required('resume it');
      kept.want('running', current);
      current.paused = false;
      current.dataPath?.send({ kind: 'resume' });
      if (kept.stored().state === 'paused') kept.note(current, 'running');
      return info();
    },
    replay(ids) {
      const { dataPath } = required('replay its dead letters');
      if (dataPath === undefined) throw stateError('is starting', 'Try again when it runs.');
      return replays.ask(dataPath, ids);
    },
    refresh: kept.refresh,
    get runningVersion() {
      return run?.version;
    },
    get isRunning() {
      return run !== undefined || starting !== undefined;
    },
    get isStopping() {
      return run?.halt.signal.aborted ?? false;
    },
    async leave(how) {
      if (run === undefined) await haltStart('leave');
      else await halt(run, how, 'leave');
    },
  };
}

/**
 * Whether a fault is someone's mistake, which no restart mends. A full disk may have room again; and a defect of ours that shows once while a broker dies must not end
 * for good what has run.
 */
function isHopeless({ code, exitCode }: NstackError): boolean {
  return code === 'signature-invalid' || (code !== 'file-unwritable' && exitCode === 1);
}
