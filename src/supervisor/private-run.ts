import { connectionsPath } from '../connectors/connections/connections-path.ts';
import { NstackError } from '../core/index.ts';
import { type ContainerEngine, connectEngine } from '../engine/index.ts';
import { policyFile } from '../registry/policy/policy-file.ts';
import { evidenceFolder } from '../registry/signatures/evidence.ts';
import { defaultRetry, type RunRequest, type WorkflowEvent } from '../workflow/index.ts';
import { makePlan } from './make-plan.ts';
import type { DataPathEvent, DataPathJob } from './messages.ts';
import { type DataPath, startDataPath } from './start-data-path.ts';

export interface PrivateRunOptions {
  /** Folder of nstack's package.json: the data path's program is in dist/ below it. */
  readonly packageRoot: string;
  emit(event: WorkflowEvent): void;
}

/**
 * Runs one workflow for `nstack run`: checks the text before anything starts, then gives the plan to a data path, a process of its own, and
 * watches it. When that dies, what it left behind is removed.
 */
export interface PrivateRun {
  /** Resolves when the workflow has ended and its `ended` or `failed` event is out; rejects with NstackError before it started. */
  run(request: RunRequest): Promise<void>;
  stop(): void;
  stopNow(): void;
}

export function createPrivateRun(options: PrivateRunOptions): PrivateRun {
  let dataPath: DataPath | undefined;
  let halted: 'stop' | 'stop-now' | undefined;
  let last: DataPathEvent | undefined;

  async function run(request: RunRequest): Promise<void> {
    // The process starts while the workflow is checked: it carries nothing before it gets the plan.
    const started = startDataPath({
      packageRoot: options.packageRoot,
      stdio: 'inherit',
      onEvent: (event) => {
        // What a service still prints may come after the end.
        if (event.kind === 'ended' || event.kind === 'failed') last = event;
        if (event.kind !== 'replayed' && event.kind !== 'running') options.emit(event);
      },
    });
    try {
      const connectionsFile = request.connectionsFile ?? connectionsPath(process.env, undefined);
      const trust = {
        policy: request.policy ?? policyFile(process.env, undefined),
        evidence: evidenceFolder(process.env),
      };
      const engine = await connectEngine();
      const [plan] = await Promise.all([
        makePlan(engine, { ...request, connectionsFile, trust }),
        engine.sweep(),
      ]);
      if (halted !== undefined) throw new NstackError('interrupted', 'stopped before the workflow started');
      dataPath = started;
      const job: DataPathJob = {
        plan,
        folder: request.folder,
        retry: { ...defaultRetry, attempts: request.attempts },
        trace: false,
        connectionsFile,
        keep: { kind: 'file', path: request.deadLetterFile },
        ...(request.rows === undefined ? {} : { rows: request.rows }),
      };
      started.send({ kind: 'start', job, paused: false });
      await watch(engine, started);
    } catch (error) {
      started.kill();
      throw error;
    }
  }

  async function watch(engine: ContainerEngine, { exit }: DataPath): Promise<void> {
    const how = await exit;
    await engine.sweep();
    if (last !== undefined) return;
    throw new NstackError('instance-died', `the workflow's data path died (${how})`, {
      hint: 'Nothing that was confirmed is lost; start the workflow again.',
    });
  }

  function halt(kind: 'stop' | 'stop-now'): void {
    halted = kind;
    dataPath?.send({ kind });
  }

  return { run, stop: () => halt('stop'), stopNow: () => halt('stop-now') };
}
