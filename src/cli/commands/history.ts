import type { CliCommand } from '../command.ts';
import { oneLine } from '../one-line.ts';
import { wholeNumber } from '../options.ts';
import { table } from '../table.ts';
import { withSupervisor } from '../with-supervisor.ts';

export const history: CliCommand = {
  usage: 'history <workflow>',
  summary: 'show what happened to a workflow: starts, stops, faults, versions',
  options: [
    { flags: '--tail <count>', description: 'at most so many, the newest', default: '100' },
    { flags: '--json', description: 'print it as JSON' },
  ],
  examples: ['nstack history ClickAnalytics', 'nstack history ClickAnalytics --tail=5 --json'],
  async run(context, [name = ''], options) {
    const entries = await withSupervisor(context, (client) =>
      client.history(name, wholeNumber(options, 'tail')),
    );
    if (options.json === true) context.stdout.write(`${JSON.stringify(entries, undefined, 2)}\n`);
    else {
      const rows = entries.map(({ at, version, event, detail }) => [
        at,
        `v${version}`,
        event,
        oneLine(detail),
      ]);
      context.stdout.write(table(['AT', 'VERSION', 'EVENT', 'DETAIL'], rows));
    }
    return 0;
  },
};
