import { NstackError, toErrorMessage } from '../core/index.ts';
import { createLogLimit } from './data-path/log-limit.ts';
import { type OpenedJob, openJob } from './data-path/open-job.ts';
import type { DataPathCommand, DataPathEvent, DataPathJob } from './messages.ts';

/*
 * The process that carries one workflow's messages: started by the supervisor, told what to do over the IPC channel, and alone with its
 * instances, so that nothing else can stall it. When the channel closes, the supervisor is gone and so is the reason to run.
 */

/** Milliseconds that this process may take to end once its workflow has, or its supervisor: something that is still open would hold up the next start. */
const farewell = 5_000;
const statusInterval = 200;
const logLinesASecond = 100;

// Ctrl-C reaches every process of the terminal; the command line decides what it means and says so over the channel.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

const abort = new AbortController();
let opened: OpenedJob | undefined;
let stopRequested = false;
let paused = false;

process.on('message', (command: DataPathCommand) => {
  switch (command.kind) {
    case 'start':
      paused ||= command.paused;
      return void start(command.job);
    case 'stop':
      return stop();
    case 'stop-now':
      return giveUp(new NstackError('interrupted', 'stopped at once, as asked'));
    case 'pause':
      paused = true;
      return opened?.flow.pause();
    case 'resume':
      paused = false;
      return opened?.flow.resume();
    case 'replay':
      return void replay(command.number, command.ids);
    default:
      return command satisfies never;
  }
});
process.on('disconnect', () => {
  giveUp(new NstackError('interrupted', 'the supervisor is gone'));
  leave();
});
process.on('SIGTERM', stop);

function stop(): void {
  stopRequested = true;
  opened?.flow.stop();
}

function giveUp(reason: NstackError): void {
  abort.abort(reason);
  opened?.flow.stopNow(reason);
}

async function start(job: DataPathJob): Promise<void> {
  try {
    opened = await openJob(job, {
      signal: abort.signal,
      log: limitedLog,
      onRunning: () => send({ kind: 'running' }),
    });
    const { flow } = opened;
    if (paused) flow.pause();
    if (stopRequested) flow.stop();
    if (abort.signal.aborted) flow.stopNow(abort.signal.reason);
    const timer = setInterval(() => send({ kind: 'status', status: flow.status() }), statusInterval);
    const outcome = await flow.run().finally(() => clearInterval(timer));
    send({ kind: 'status', status: flow.status() });
    await sendLast({ kind: 'ended', outcome: { ...outcome, hub: usage() } });
  } catch (error) {
    await sendLast({ kind: 'failed', error: toErrorMessage(opened?.withoutSecrets(error) ?? error) });
  } finally {
    await opened?.close();
    if (process.connected) process.disconnect();
    leave();
  }
}

function leave(): void {
  setTimeout(() => process.exit(), farewell).unref();
}

async function replay(number: number, ids: readonly number[] | undefined): Promise<void> {
  try {
    if (opened === undefined) throw new NstackError('usage', 'the workflow is still starting');
    send({ kind: 'replayed', number, answer: await opened.replay(ids) });
  } catch (error) {
    send({ kind: 'replayed', number, answer: { error: toErrorMessage(error) } });
  }
}

function usage(): { cpuSeconds: number; peakMemory: number } {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMemory: maxRSS * 1024 };
}

/** What one part of the workflow prints, as far as it is not too much. */
function limitedLog(stage: string): ReturnType<Parameters<typeof openJob>[1]['log']> {
  const limit = createLogLimit(logLinesASecond);
  return (level, message) => {
    if (!limit.pass()) return;
    const left = limit.leftOut();
    const note = left > 0 ? ` (${left} lines before this one were left out)` : '';
    send({ kind: 'log', log: { stage, level, message: `${message}${note}` } });
  };
}

function send(event: DataPathEvent): void {
  if (process.connected) process.send?.(event);
}

/** Resolves when it is out: what still waits to be sent is lost when the channel is closed. */
async function sendLast(event: DataPathEvent): Promise<void> {
  if (process.connected) await new Promise((resolve) => process.send?.(event, resolve));
}
