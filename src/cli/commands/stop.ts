import type { SupervisorClient } from '../../client/index.ts';
import { NstackError } from '../../core/index.ts';
import type { CliCommand, CliOptions } from '../command.ts';
import { withSupervisor } from '../with-supervisor.ts';
import { workflowLine } from '../workflow-line.ts';

export const stop: CliCommand = {
  usage: 'stop [workflows...]',
  summary: 'stop workflows in order; a later start goes on where they stood',
  options: [
    { flags: '--all', description: 'all that run' },
    { flags: '--now', description: 'do not finish what was read: it goes again at the next start' },
  ],
  examples: ['nstack stop ClickAnalytics', 'nstack stop ClickAnalytics --now', 'nstack stop --all'],
  async run(context, names, options) {
    const now = options.now === true;
    return withSupervisor(
      context,
      async (client) => {
        const stopped = await Promise.allSettled(
          (await chosen(client, names, options)).map(async (name) =>
            context.stdout.write(workflowLine(await client.stop(name, { now }))),
          ),
        );
        const failed = stopped.find((one) => one.status === 'rejected');
        if (failed !== undefined) throw failed.reason;
        return 0;
      },
      { goesOn: 'stopping' },
    );
  },
};

async function chosen(
  client: SupervisorClient,
  names: readonly string[],
  options: CliOptions,
): Promise<readonly string[]> {
  if ((options.all === true) === names.length > 0) {
    throw new NstackError('usage', 'give the names of workflows, or --all', {
      hint: '`nstack ps` lists those that run.',
    });
  }
  if (names.length > 0) return names;
  const { workflowRuns } = await import('../../client/workflow-runs.ts');
  return (await client.list()).filter(({ state }) => workflowRuns(state)).map(({ name }) => name);
}
