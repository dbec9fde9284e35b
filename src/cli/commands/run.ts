import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import type { RunRequest } from '../../client/index.ts';
import { NstackError, packageRoot } from '../../core/index.ts';
import type { CliCommand, CliContext, CliOptions } from '../command.ts';
import { wholeNumber } from '../options.ts';

export const run: CliCommand = {
  usage: 'run <workflow>',
  summary: 'run a workflow until its source ends, with a supervisor of its own',
  options: [
    { flags: '--source <source>', description: 'put this source in front: file/in.ndjson' },
    { flags: '--sink <sink>', description: 'put this sink behind: file/out.ndjson' },
    { flags: '--rows <count>', description: 'read at most this many messages' },
    {
      flags: '--attempts <count>',
      description: 'how often a message is tried before it is a dead letter',
      default: '3',
    },
    {
      flags: '--dead-letters <file>',
      description: 'where dead letters are kept (default: NAME.dead-letters.ndjson here)',
    },
    { flags: '--plain', description: 'progress as plain lines, even on a terminal' },
    { flags: '--json', description: 'print the outcome as JSON on stdout, and no progress' },
  ],
  examples: [
    "nstack run 'file/flights.parquet -> Clean -> Score -> file/scored.ndjson'",
    'nstack run Score --source=stdin --sink=stdout',
    'nstack run flights.nstack --rows=20000',
  ],
  async run(context, [workflow = ''], options) {
    const request = await requestOf(context, workflow, options);
    const { closingLine, runWorkflow } = await import('../../client/index.ts');
    const progress = await progressFor(context, options);
    context.signal.addEventListener('abort', () => {
      context.stderr.write('stopping: what was read is finished first; press Ctrl-C again to stop at once\n');
    });
    try {
      const outcome = await runWorkflow(request, {
        packageRoot: packageRoot(),
        onStatus: progress.show,
        onLog: progress.log,
        stop: context.signal,
        stopNow: context.force,
      });
      progress.close();
      if (options.json === true) context.stdout.write(`${JSON.stringify(outcome)}\n`);
      else context.stderr.write(`${closingLine(outcome)}\n`);
      if (outcome.lost > 0) return 70;
      return outcome.how === 'stopped' ? 130 : 0;
    } finally {
      progress.close();
    }
  },
};

async function requestOf(context: CliContext, workflow: string, options: CliOptions): Promise<RunRequest> {
  const { source, sink } = options;
  const written = await textOf(context, workflow);
  const text = [source, written.text, sink].filter((part) => typeof part === 'string').join(' -> ');
  const rows = wholeNumber(options, 'rows');
  const deadLetters = options.deadLetters;
  return {
    text,
    file: written.file,
    folder: context.cwd,
    attempts: wholeNumber(options, 'attempts') ?? 3,
    deadLetterFile: resolve(
      context.cwd,
      typeof deadLetters === 'string' ? deadLetters : `${written.name}.dead-letters.ndjson`,
    ),
    ...(rows === undefined ? {} : { rows }),
  };
}

/** The argument is the text itself, or a file that holds it: one that ends in .nstack. */
async function textOf(
  context: CliContext,
  workflow: string,
): Promise<{ text: string; file: string; name: string }> {
  if (extname(workflow) !== '.nstack' || /\s/.test(workflow))
    return { text: workflow, file: '<workflow>', name: 'workflow' };
  try {
    return {
      text: await readFile(resolve(context.cwd, workflow), 'utf8'),
      file: workflow,
      name: basename(workflow, '.nstack'),
    };
  } catch (cause) {
    throw new NstackError(
      'file-missing',
      `the workflow file ${workflow} cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
}

async function progressFor(context: CliContext, options: CliOptions) {
  if (options.json === true) return { show: () => {}, log: () => {}, close: () => {} };
  if (context.interactive && options.plain !== true) {
    const { drawRunProgress } = await import('../../tui/index.ts');
    return drawRunProgress(context.stderr, context.stdin);
  }
  const { printRunProgress } = await import('../plain-run-progress.ts');
  return printRunProgress(context.stderr);
}
