import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fromErrorMessage, NstackError } from '../core/index.ts';
import type {
  RunRequest,
  ServiceLog,
  WorkflowCommand,
  WorkflowEvent,
  WorkflowOutcome,
  WorkflowStatus,
} from '../workflow/index.ts';

export interface RunWorkflowOptions {
  /** Folder of nstack's package.json. */
  readonly packageRoot: string;
  onStatus(status: WorkflowStatus): void;
  onLog(log: ServiceLog): void;
  /** Aborted: stop in order. */
  readonly stop: AbortSignal;
  /** Aborted: stop at once. */
  readonly stopNow: AbortSignal;
}

/**
 * Runs one workflow under a private supervisor, a process that inherits stdin and stdout and ends with the workflow (or with this process,
 * however that ends). Rejects with the NstackError that the supervisor answers.
 */
export async function runWorkflow(
  request: RunRequest,
  options: RunWorkflowOptions,
): Promise<WorkflowOutcome> {
  const child = spawn(process.execPath, [join(options.packageRoot, 'dist', 'private-run.mjs')], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const send = (command: WorkflowCommand) => {
    if (child.connected) child.send(command);
  };
  const stop = () => send({ kind: 'stop' });
  const stopNow = () => send({ kind: 'stop-now' });
  options.stop.addEventListener('abort', stop);
  options.stopNow.addEventListener('abort', stopNow);
  try {
    return await new Promise<WorkflowOutcome>((resolve, reject) => {
      child.on('message', (event: WorkflowEvent) => {
        if (event.kind === 'status') options.onStatus(event.status);
        else if (event.kind === 'log') options.onLog(event.log);
        else if (event.kind === 'ended') resolve(event.outcome);
        else reject(fromErrorMessage(event.error));
      });
      child.once('error', reject);
      child.once('exit', (code, signal) =>
        reject(
          new NstackError('instance-died', `the supervisor died (${signal ?? `exit code ${code}`})`, {
            hint: 'Start the workflow again.',
          }),
        ),
      );
      send({ kind: 'run', request });
    });
  } finally {
    options.stop.removeEventListener('abort', stop);
    options.stopNow.removeEventListener('abort', stopNow);
  }
}
