import { packageRoot, toErrorMessage } from '../core/index.ts';
import type { WorkflowCommand, WorkflowEvent } from '../workflow/index.ts';
import { createPrivateRun } from './private-run.ts';

/*
 * The supervisor as a private process of one `nstack run`: commands come and events go over the IPC channel. It ends with its workflow,
 * or when the channel closes because the command line is gone.
 */

for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

const run = createPrivateRun({ packageRoot: packageRoot(), emit: send });

process.on('message', (command: WorkflowCommand) => {
  if (command.kind === 'stop') run.stop();
  else if (command.kind === 'stop-now') run.stopNow();
  else {
    run
      .run(command.request)
      .catch((error) => send({ kind: 'failed', error: toErrorMessage(error) }))
      .finally(() => process.connected && process.disconnect());
  }
});
process.on('SIGTERM', () => run.stop());
process.on('disconnect', () => run.stopNow());

function send(event: WorkflowEvent): void {
  if (process.connected) process.send?.(event);
}
