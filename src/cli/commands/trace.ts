import type { TraceRecord } from '../../client/index.ts';
import type { CliCommand } from '../command.ts';
import { plain } from '../one-line.ts';
import { wholeNumber } from '../options.ts';
import { withSupervisor } from '../with-supervisor.ts';

export const trace: CliCommand = {
  usage: 'trace <workflow>',
  summary: 'show the way of the last batches through a workflow that was started with --trace',
  options: [
    { flags: '--tail <count>', description: 'at most so many batches', default: '20' },
    { flags: '--json', description: 'print each as JSON' },
  ],
  examples: ['nstack start clicks.nstack --trace', 'nstack trace clicks --tail=5'],
  async run(context, [name = ''], options) {
    const records = await withSupervisor(context, (client) =>
      client.traces(name, wholeNumber(options, 'tail')),
    );
    if (records.length === 0 && options.json !== true)
      context.stderr.write('nothing was noted: `nstack start --trace` notes the way of every batch\n');
    for (const record of records)
      context.stdout.write(options.json === true ? `${JSON.stringify(record)}\n` : printed(record));
    return 0;
  },
};

/** Milliseconds count from the reading of the batch. */
function printed({ at, source, partition, position, count, nodes, milliseconds }: TraceRecord): string {
  const where = [source, partition, JSON.stringify(position)].filter((part) => part !== '').map(plain);
  const lines = nodes.map(
    ({ node, in: came, firstIn, out, lastOut }) =>
      `  ${plain(node)}: ${came} in from ${firstIn} ms, ${out} out until ${lastOut} ms`,
  );
  return [`${at} ${where.join(' ')}: ${count} messages, ended after ${milliseconds} ms`, ...lines, ''].join(
    '\n',
  );
}
