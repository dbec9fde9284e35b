import { findConnector, type OpenContext } from '../connectors/index.ts';
import { NstackError, toErrorMessage } from '../core/index.ts';
import { connectEngine } from '../engine/index.ts';
import { openService } from '../registry/index.ts';
import type { ConnectorPlan, Plan, RunRequest, ServiceLog } from '../workflow/index.ts';
import { createDeadLetterFile } from './data-path/dead-letters.ts';
import { createFlow, type Flow } from './data-path/flow.ts';
import { createLogLimit } from './data-path/log-limit.ts';
import type { DataPathCommand, WorkflowEvent } from './messages.ts';

/*
 * The process that carries one workflow's messages: started by the supervisor, told what to do over the IPC channel, and alone with its
 * instances, so that nothing else can stall it. When the channel closes, the supervisor is gone and so is the reason to run.
 */

const statusInterval = 200;
const logLinesASecond = 100;

// Ctrl-C reaches every process of the terminal; the command line decides what it means and says so over the channel.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

const abort = new AbortController();
let flow: Flow | undefined;
let stopRequested = false;

process.on('message', (command: DataPathCommand) => {
  if (command.kind === 'start') void start(command.plan, command.request);
  else if (command.kind === 'stop') stop();
  else giveUp(new NstackError('interrupted', 'stopped at once, as asked'));
});
process.on('disconnect', () => giveUp(new NstackError('interrupted', 'the supervisor is gone')));
process.on('SIGTERM', stop);

function stop(): void {
  stopRequested = true;
  flow?.stop();
}

function giveUp(reason: NstackError): void {
  abort.abort(reason);
  flow?.stopNow(reason);
}

async function start(plan: Plan, request: RunRequest): Promise<void> {
  try {
    flow = await openFlow(plan, request);
    if (stopRequested) flow.stop();
    if (abort.signal.aborted) flow.stopNow(abort.signal.reason);
    const timer = setInterval(
      () => send({ kind: 'status', status: flow?.status() ?? neverOpened() }),
      statusInterval,
    );
    const outcome = await flow.run().finally(() => clearInterval(timer));
    send({ kind: 'status', status: flow.status() });
    send({ kind: 'ended', outcome: { ...outcome, hub: usage() } });
  } catch (error) {
    send({ kind: 'failed', error: toErrorMessage(error) });
  } finally {
    if (process.connected) process.disconnect();
  }
}

function usage(): { cpuSeconds: number; peakMemory: number } {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMemory: maxRSS * 1024 };
}

function neverOpened(): never {
  throw new Error('no flow to ask');
}

async function openFlow(plan: Plan, request: RunRequest): Promise<Flow> {
  const engine = await connectEngine({ signal: abort.signal });
  const limit = Math.max(...plan.stages.map(({ manifest }) => manifest.limits.message), 16 * 1024 * 1024);
  const context = (side: ConnectorPlan): OpenContext => ({
    parameters: side.parameters,
    type: side.type,
    format: side.format,
    folder: request.folder,
    messageLimit: limit,
    ...(request.rows === undefined ? {} : { rows: request.rows }),
  });
  const source = await present(findConnector(plan.source.connector)?.source).open(context(plan.source));
  const sink = await present(findConnector(plan.sink.connector)?.sink).open(context(plan.sink));
  return createFlow({
    plan,
    source,
    sink,
    attempts: request.attempts,
    deadLetters: createDeadLetterFile(request.deadLetterFile, plan.name),
    onReplaced: (stage, reason) =>
      log({
        stage: plan.stages[stage]?.label ?? '',
        level: 'warn',
        message: `instance replaced: it ${reason}`,
      }),
    openInstance: async (index) => {
      const stage = plan.stages[index];
      if (stage === undefined) throw new Error(`no stage ${index}`);
      const print = limitedLog(stage.label);
      return openService(engine, stage.image, stage.manifest, {
        parameters: stage.parameters,
        signal: abort.signal,
        onEvent: (event) => {
          if (event.kind === 'log') print(event.level, event.message);
        },
        onLogLine: (line) => print('print', line),
      });
    },
  });
}

/** The supervisor's plan names only what there is. */
function present<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('the plan names what is not there');
  return found;
}

function limitedLog(stage: string): (level: ServiceLog['level'], message: string) => void {
  const limit = createLogLimit(logLinesASecond);
  return (level, message) => {
    if (!limit.pass()) return;
    const left = limit.leftOut();
    log({
      stage,
      level,
      message: left > 0 ? `${message} (${left} lines before this one were left out)` : message,
    });
  };
}

function log(entry: ServiceLog): void {
  send({ kind: 'log', log: entry });
}

function send(event: WorkflowEvent): void {
  if (process.connected) process.send?.(event);
}
