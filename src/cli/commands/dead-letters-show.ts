import type { DeadLetterInfo } from '../../client/index.ts';
import { letterText } from '../../client/letter-text.ts';
import type { CliCommand } from '../command.ts';
import { letterId } from '../letter-ids.ts';
import { oneLine, plain } from '../one-line.ts';
import { withSupervisor } from '../with-supervisor.ts';

export const deadLettersShow: CliCommand = {
  usage: 'dead-letters show <workflow> <id>',
  summary: 'show a dead letter: its message, its error, and the trace of the code that failed',
  options: [{ flags: '--json', description: 'print it as JSON' }],
  examples: ['nstack dead-letters show ClickAnalytics 7', 'nstack dead-letters show ClickAnalytics 7 --json'],
  async run(context, [name = '', id = ''], options) {
    const letter = await withSupervisor(context, (client) => client.deadLetters.get(name, letterId(id)));
    context.stdout.write(options.json === true ? `${JSON.stringify(letter)}\n` : describe(letter));
    return 0;
  },
};

function describe(letter: DeadLetterInfo): string {
  const { id, workflow, at, stage, attempts, place, error } = letter;
  const { kind, text } = letterText(letter);
  const stack = traceOf(error.data);
  const facts = [
    ['workflow', workflow],
    ['at', at],
    ['stage', stage],
    ['attempts', String(attempts)],
    ...(place === undefined ? [] : [['place', place]]),
    ['error', `${error.message} (code ${error.code})`],
    [kind, text],
  ].map(([what = '', value = '']) => `${what.padEnd(9)} ${oneLine(value)}\n`);
  return `dead letter ${id}\n${facts.join('')}${stack === undefined ? '' : `\n${plain(stack).trimEnd()}\n`}`;
}

/** The service's own stack trace, where the error has one. */
function traceOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('stack' in data)) return undefined;
  return typeof data.stack === 'string' ? data.stack : undefined;
}
