import type { CliCommand } from '../command.ts';
import { letterIds } from '../letter-ids.ts';
import { withSupervisor } from '../with-supervisor.ts';

export const deadLettersReplay: CliCommand = {
  usage: 'dead-letters replay <workflow> [ids...]',
  summary: 'send dead letters once more to the stage that gave them up; the workflow must run',
  options: [{ flags: '--all', description: 'all of the workflow' }],
  examples: [
    'nstack dead-letters replay ClickAnalytics 7 8',
    'nstack dead-letters replay ClickAnalytics --all',
  ],
  async run(context, [name = '', ...written], options) {
    const ids = letterIds(written, options, 'replay');
    const { replayed, failed } = await withSupervisor(
      context,
      (client) => client.deadLetters.replay(name, ids),
      { goesOn: 'replaying' },
    );
    context.stdout.write(`${replayed} replayed, ${failed} failed again\n`);
    return failed > 0 ? 2 : 0;
  },
};
