import type { CliCommand } from '../command.ts';
import { letterIds } from '../letter-ids.ts';
import { withSupervisor } from '../with-supervisor.ts';

export const deadLettersDrop: CliCommand = {
  usage: 'dead-letters drop <workflow> [ids...]',
  summary: 'forget dead letters for good',
  options: [{ flags: '--all', description: 'all of the workflow' }],
  examples: ['nstack dead-letters drop ClickAnalytics 7 8', 'nstack dead-letters drop ClickAnalytics --all'],
  async run(context, [name = '', ...written], options) {
    const ids = letterIds(written, options, 'drop');
    const dropped = await withSupervisor(context, (client) => client.deadLetters.drop(name, ids));
    context.stdout.write(`${dropped} dropped\n`);
    return 0;
  },
};
