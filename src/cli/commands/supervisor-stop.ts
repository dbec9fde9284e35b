import type { CliCommand } from '../command.ts';
import { withSupervisor } from '../with-supervisor.ts';

export const supervisorStop: CliCommand = {
  usage: 'supervisor stop',
  summary: 'end the supervisor and its workflows in order; they start again with the next one',
  options: [{ flags: '--now', description: 'do not finish what was read: it goes again at the next start' }],
  examples: ['nstack supervisor stop', 'nstack supervisor stop --now'],
  async run(context, _args, options) {
    const address = await withSupervisor(
      context,
      async (client) => {
        await client.stopSupervisor({ now: options.now === true });
        return client.address;
      },
      { goesOn: 'ending' },
    );
    context.stderr.write(`the supervisor at ${address} has ended\n`);
    return 0;
  },
};
