import type { CliCommand } from '../command.ts';
import { withSupervisor } from '../with-supervisor.ts';
import { workflowLine } from '../workflow-line.ts';

export const resume: CliCommand = {
  usage: 'resume <workflow>',
  summary: 'go on with a workflow that is paused',
  examples: ['nstack resume ClickAnalytics'],
  async run(context, [name = '']) {
    const info = await withSupervisor(context, (client) => client.resume(name));
    context.stdout.write(workflowLine(info));
    return 0;
  },
};
