import type { SupervisorClient, WorkflowInfo } from '../../client/index.ts';
import { NstackError } from '../../core/index.ts';
import type { CliCommand, CliContext, CliOptions } from '../command.ts';
import { connectForStart } from '../connect-for-start.ts';
import { connectionsOption, wholeNumber } from '../options.ts';
import { withSupervisor } from '../with-supervisor.ts';
import { workflowLine } from '../workflow-line.ts';
import { endOptions, readWorkflowText, toldWhereTyped } from '../workflow-text.ts';

export const start: CliCommand = {
  usage: 'start <workflow>',
  summary: 'start a workflow under the supervisor: a text, a file, or one that is known by its name',
  options: [
    ...endOptions,
    {
      flags: '--name <name>',
      description: 'what the workflow is called (default: as it, its file or its first service is)',
    },
    { flags: '--attempts <count>', description: 'how often a message is tried before it is a dead letter' },
    {
      flags: '--backoff <milliseconds>',
      description: 'pause before the second try; each later one is twice as long',
    },
    { flags: '--trace', description: 'note the way of every batch, for `nstack trace`' },
    connectionsOption,
    { flags: '--json', description: 'print the workflow as JSON' },
  ],
  examples: [
    'nstack start ClickAnalytics --source=kafka/click-stream --sink=rabbitMQ/analytics',
    'nstack start clicks.nstack --attempts=10',
    'nstack start ClickAnalytics',
  ],
  async run(context, [workflow = ''], options) {
    const info = await withSupervisor(
      context,
      async (client) =>
        (await isKnown(client, workflow, options))
          ? client.start({ name: workflow })
          : startText(client, context, workflow, options),
      { connect: () => connectForStart(context, options), goesOn: 'starting it' },
    );
    context.stdout.write(options.json === true ? `${JSON.stringify(info)}\n` : workflowLine(info));
    return 0;
  },
};

/** A word without a source or a sink can only be the name of a workflow; anything else is one where a workflow has that very name. */
async function isKnown(client: SupervisorClient, workflow: string, options: CliOptions): Promise<boolean> {
  if (options.source !== undefined || options.sink !== undefined || options.name !== undefined) return false;
  if (workflow.endsWith('.nstack') || workflow.length > longestName) return false;
  if (!/[\s|>={]/.test(workflow)) return true;
  const known = await client.get(workflow).catch((error: unknown) => {
    if (error instanceof NstackError && error.code === 'workflow-unknown') return undefined;
    throw error;
  });
  return known !== undefined;
}

const longestName = 200;

async function startText(
  client: SupervisorClient,
  context: CliContext,
  workflow: string,
  options: CliOptions,
): Promise<WorkflowInfo> {
  const typed = await readWorkflowText(context, workflow, options);
  const attempts = wholeNumber(options, 'attempts');
  const backoff = wholeNumber(options, 'backoff');
  const retry = {
    ...(attempts === undefined ? {} : { attempts }),
    ...(backoff === undefined ? {} : { backoff }),
  };
  return toldWhereTyped(typed, () =>
    client.start({
      text: typed.text,
      file: typed.file,
      folder: context.cwd,
      retry,
      ...(options.trace === true ? { trace: true } : {}),
      ...(typeof options.name === 'string' ? { name: options.name } : {}),
    }),
  );
}
