import { basename, resolve } from 'node:path';
import type { RunRequest } from '../../client/index.ts';
import { packageRoot } from '../../core/index.ts';
import type { CliCommand, CliContext, CliOptions } from '../command.ts';
import { connectionsOption, policyOption, wholeNumber } from '../options.ts';
import { endOptions, readWorkflowText, type TypedWorkflow, toldWhereTyped } from '../workflow-text.ts';

export const run: CliCommand = {
  usage: 'run <workflow>',
  summary: 'run a workflow until its source ends, with a supervisor of its own',
  options: [
    ...endOptions,
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
    connectionsOption,
    policyOption,
    { flags: '--plain', description: 'progress as plain lines, even on a terminal' },
    { flags: '--json', description: 'print the outcome as JSON on stdout, and no progress' },
  ],
  examples: [
    "nstack run 'file/flights.parquet -> Clean -> Score -> file/scored.ndjson'",
    'nstack run Score --source=stdin --sink=stdout',
    'nstack run flights.nstack --rows=20000',
  ],
  async run(context, [workflow = ''], options) {
    const typed = await readWorkflowText(context, workflow, options);
    const [{ closingLine, runWorkflow }, { connectionsFile }] = await Promise.all([
      import('../../client/index.ts'),
      import('../connections-file.ts'),
    ]);
    const connections = await connectionsFile(context, options.connections);
    const { policyFile } = await import('../../registry/index.ts');
    const policy = policyFile(
      context.env,
      typeof options.policy === 'string' ? options.policy : undefined,
      context.cwd,
    );
    const request = { ...requestOf(context, typed, options), connectionsFile: connections, policy };
    const progress = await progressFor(context, options);
    context.signal.addEventListener('abort', () => {
      context.stderr.write('stopping: what was read is finished first; press Ctrl-C again to stop at once\n');
    });
    try {
      const outcome = await toldWhereTyped(typed, () =>
        runWorkflow(request, {
          packageRoot: packageRoot(),
          onStatus: progress.show,
          onLog: progress.log,
          stop: context.signal,
          stopNow: context.force,
        }),
      );
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

function requestOf(context: CliContext, { text, file }: TypedWorkflow, options: CliOptions): RunRequest {
  const rows = wholeNumber(options, 'rows');
  const deadLetters = options.deadLetters;
  const name = file.startsWith('<') ? 'workflow' : basename(file, '.nstack');
  return {
    text,
    file,
    folder: context.cwd,
    attempts: wholeNumber(options, 'attempts') ?? 3,
    deadLetterFile: resolve(
      context.cwd,
      typeof deadLetters === 'string' ? deadLetters : `${name}.dead-letters.ndjson`,
    ),
    ...(rows === undefined ? {} : { rows }),
  };
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
