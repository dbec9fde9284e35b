import type { CliCommand } from '../command.ts';
import { oneLine } from '../one-line.ts';
import { withSupervisor } from '../with-supervisor.ts';

export const deleteWorkflow: CliCommand = {
  usage: 'delete <workflow>',
  summary: 'forget a workflow that does not run, with its positions, dead letters and log',
  examples: ['nstack delete ClickAnalytics'],
  async run(context, [name = '']) {
    await withSupervisor(context, (client) => client.remove(name));
    context.stdout.write(`${oneLine(name)} deleted\n`);
    return 0;
  },
};
