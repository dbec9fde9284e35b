import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { connectors, findConnector, type OpenContext } from '../connectors/index.ts';
import { NstackError } from '../core/index.ts';
import { type ContainerEngine, connectEngine } from '../engine/index.ts';
import { listServices } from '../registry/index.ts';
import {
  type ConnectorPlan,
  type Plan,
  planWorkflow,
  type RunRequest,
  type WorkflowEvent,
} from '../workflow/index.ts';
import type { DataPathCommand } from './messages.ts';

/**
 * A data path makes little that lives long, so its young generation need not grow, and one arena of malloc does for its buffers: about
 * 101 MB at the most on three million messages, where it was 119 to 136, with no time lost that could be seen.
 *
 * Its buffers lie outside of V8's heap and yet count when V8 asks itself whether to collect all of it. A heap that is meant to be larger from the
 * start is not collected whole 30 times a million messages: a fifth of the data path's CPU, at the same peak of memory.
 */
const steadyMemory = ['--max-semi-space-size=4', '--initial-heap-size=128'];

export interface PrivateRunOptions {
  /** Folder of nstack's package.json: the data path's program is in dist/ below it. */
  readonly packageRoot: string;
  emit(event: WorkflowEvent): void;
}

/**
 * Runs workflows: checks the text against the registry and the connectors before anything starts, then gives the plan to a data path, a
 * process of its own, and watches it. When a data path dies, what it left behind is removed.
 */
export interface PrivateRun {
  /** Resolves when the workflow has ended and its `ended` or `failed` event is out; rejects with NstackError before it started. */
  run(request: RunRequest): Promise<void>;
  stop(): void;
  stopNow(): void;
}

/** The process, and how it ended. */
interface DataPath {
  readonly child: ChildProcess;
  readonly exit: Promise<string>;
}

export function createPrivateRun(options: PrivateRunOptions): PrivateRun {
  let dataPath: ChildProcess | undefined;
  let halted: 'stop' | 'stop-now' | undefined;

  async function run(request: RunRequest): Promise<void> {
    // The process starts while the workflow is checked: it carries nothing before it gets the plan.
    const started = startDataPath();
    try {
      const engine = await connectEngine();
      const [plan] = await Promise.all([makePlan(engine, request), engine.sweep()]);
      if (halted !== undefined) throw new NstackError('interrupted', 'stopped before the workflow started');
      dataPath = started.child;
      await carry(engine, started, { kind: 'start', plan, request });
    } catch (error) {
      started.child.kill('SIGKILL');
      throw error;
    }
  }

  function startDataPath(): DataPath {
    const child = spawn(
      process.execPath,
      [...steadyMemory, join(options.packageRoot, 'dist', 'data-path.mjs')],
      {
        stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
        env: { ...process.env, MALLOC_ARENA_MAX: '1' },
      },
    );
    const exit = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    return { child, exit };
  }

  async function carry(
    engine: ContainerEngine,
    { child, exit }: DataPath,
    start: DataPathCommand,
  ): Promise<void> {
    let last: WorkflowEvent | undefined;
    child.on('message', (event: WorkflowEvent) => {
      last = event;
      options.emit(event);
    });
    if (child.connected) child.send(start);
    const how = await exit;
    await engine.sweep();
    if (last?.kind === 'ended' || last?.kind === 'failed') return;
    throw new NstackError('instance-died', `the workflow's data path died (${how})`, {
      hint: 'Nothing that was confirmed is lost; start the workflow again.',
    });
  }

  function halt(kind: 'stop' | 'stop-now'): void {
    halted = kind;
    if (dataPath?.connected === true) dataPath.send({ kind });
  }

  return { run, stop: () => halt('stop'), stopNow: () => halt('stop-now') };
}

async function makePlan(engine: ContainerEngine, request: RunRequest): Promise<Plan> {
  const services = await listServices(engine);
  const { plan, diagnostics } = planWorkflow(request.text, { services, connectors, file: request.file });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (plan === undefined || errors.length > 0) {
    throw new NstackError('workflow-invalid', 'the workflow was not started', { diagnostics });
  }
  await checkConnectors(plan, request);
  return plan;
}

async function checkConnectors(plan: Plan, request: RunRequest): Promise<void> {
  const context = (side: ConnectorPlan): OpenContext => ({
    parameters: side.parameters,
    type: side.type,
    format: side.format,
    folder: request.folder,
    messageLimit: Number.MAX_SAFE_INTEGER,
  });
  await findConnector(plan.source.connector)?.source?.check(context(plan.source));
  await findConnector(plan.sink.connector)?.sink?.check(context(plan.sink));
}
