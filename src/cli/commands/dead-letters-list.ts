import type { DeadLetterInfo } from '../../client/index.ts';
import { letterText } from '../../client/letter-text.ts';
import type { CliCommand } from '../command.ts';
import { oneLine } from '../one-line.ts';
import { wholeNumber } from '../options.ts';
import { table } from '../table.ts';
import { withSupervisor } from '../with-supervisor.ts';

export const deadLettersList: CliCommand = {
  usage: 'dead-letters list <workflow>',
  summary: "list a workflow's dead letters",
  options: [
    { flags: '--after <id>', description: 'only those that came after this one' },
    { flags: '--most <count>', description: 'at most so many, the oldest', default: '100' },
    { flags: '--json', description: 'print each as JSON, one a line' },
  ],
  examples: [
    'nstack dead-letters list ClickAnalytics',
    'nstack dead-letters list ClickAnalytics --after=120 --json',
  ],
  async run(context, [name = ''], options) {
    const after = wholeNumber(options, 'after') ?? 0;
    const most = wholeNumber(options, 'most') ?? 100;
    const rows: string[][] = [];
    let more: number | undefined;
    await withSupervisor(context, async (client) => {
      let seen = 0;
      for await (const letter of client.deadLetters.list(name, { after, most: most + 1 })) {
        seen += 1;
        if (seen > most) return;
        more = letter.id;
        if (options.json === true) context.stdout.write(`${JSON.stringify(letter)}\n`);
        else rows.push(rowOf(letter));
      }
      more = undefined;
    });
    if (rows.length > 0) {
      context.stdout.write(table(['ID', 'AT', 'STAGE', 'ATTEMPTS', 'PLACE', 'ERROR', 'MESSAGE'], rows));
    } else if (options.json !== true) context.stderr.write('no dead letters\n');
    if (more !== undefined) context.stderr.write(`there are more: --after=${more} goes on\n`);
    return 0;
  },
};

function rowOf(letter: DeadLetterInfo): string[] {
  const { id, at, stage, attempts, place, error } = letter;
  return [
    String(id),
    at.slice(0, 19).replace('T', ' '),
    oneLine(stage, 40),
    String(attempts),
    oneLine(place ?? '-', 40),
    oneLine(error.message, 60),
    oneLine(letterText(letter).text, 60),
  ];
}
