import type { CliCommand } from '../command.ts';
import { withSupervisor } from '../with-supervisor.ts';
import { workflowLine } from '../workflow-line.ts';

export const pause: CliCommand = {
  usage: 'pause <workflow>',
  summary: 'read nothing more until it is resumed; what was read is finished',
  examples: ['nstack pause ClickAnalytics'],
  async run(context, [name = '']) {
    const info = await withSupervisor(context, (client) => client.pause(name));
    context.stdout.write(workflowLine(info));
    return 0;
  },
};
