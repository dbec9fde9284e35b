import type { LogEntry, SupervisorClient } from '../../client/index.ts';
import { NstackError } from '../../core/index.ts';
import type { CliCommand, CliContext, CliOptions } from '../command.ts';
import { plain } from '../one-line.ts';
import { wholeNumber } from '../options.ts';
import { withSupervisor } from '../with-supervisor.ts';

export const logs: CliCommand = {
  usage: 'logs <workflow>',
  summary: "show what a workflow's services print and log",
  options: [
    { flags: '--follow', description: 'go on with what comes, until Ctrl-C' },
    { flags: '--tail <count>', description: 'begin with at most so many lines', default: '100' },
    { flags: '--json', description: 'print each line as JSON' },
  ],
  examples: ['nstack logs ClickAnalytics', 'nstack logs ClickAnalytics --follow --tail=10'],
  async run(context, [name = ''], options) {
    const tail = wholeNumber(options, 'tail');
    const show = printer(context, options);
    try {
      return await withSupervisor(context, async (client) => {
        if (options.follow === true) return follow(client, name, tail, show);
        for (const entry of await client.logs(name, tail)) show(entry);
        return 0;
      });
    } catch (error) {
      // Ctrl-C is how following ends, and nothing to tell.
      if (options.follow === true && context.signal.aborted) return 130;
      throw error;
    }
  },
};

/** The last lines, then those that come; the stream is there before the last lines are asked for, so that none falls between. */
async function follow(
  client: SupervisorClient,
  name: string,
  tail: number | undefined,
  show: (entry: LogEntry) => void,
): Promise<number> {
  let shown: Set<string> | undefined;
  for await (const event of client.events({ workflow: name })) {
    if (shown === undefined) {
      const entries = await client.logs(name, tail);
      for (const entry of entries) show(entry);
      shown = new Set(entries.map((entry) => JSON.stringify(entry)));
    }
    if (event.kind === 'removed') return 0;
    if (event.kind === 'log' && !shown.delete(JSON.stringify(event.entry))) show(event.entry);
  }
  throw new NstackError('supervisor-unavailable', 'the supervisor has ended', {
    hint: 'What ran starts again with the next one: `nstack supervisor start`.',
  });
}

function printer({ stdout }: CliContext, options: CliOptions): (entry: LogEntry) => void {
  if (options.json === true) return (entry) => stdout.write(`${JSON.stringify(entry)}\n`);
  return ({ at, stage, level, message }) =>
    stdout.write(`${at} ${plain(stage)} ${level}: ${plain(message).trimEnd()}\n`);
}
