import type { CliCommand } from '../command.ts';
import { connectionsOption } from '../options.ts';
import { showDiagnostics } from '../show-diagnostics.ts';
import { endOptions, readWorkflowText, toldWhereTyped } from '../workflow-text.ts';

export const plan: CliCommand = {
  usage: 'plan <workflow>',
  summary: 'check a workflow and show what it is made of, without starting anything',
  options: [...endOptions, connectionsOption, { flags: '--json', description: 'print the plan as JSON' }],
  examples: [
    "nstack plan 'file/flights.parquet -> Clean -> (Score -> file/scored.ndjson & rabbitMQ/audit)'",
    'nstack plan ClickAnalytics --source=kafka/click-stream --sink=rabbitMQ/analytics',
    'nstack plan flights.nstack --json',
  ],
  async run(context, [workflow = ''], options) {
    const [{ connectEngine }, { listServices }, { connectionsFile }, client] = await Promise.all([
      import('../../engine/index.ts'),
      import('../../registry/index.ts'),
      import('../connections-file.ts'),
      import('../../client/index.ts'),
    ]);
    const typed = await readWorkflowText(context, workflow, options);
    const connections = await connectionsFile(context, options.connections);
    const services = await listServices(await connectEngine({ signal: context.signal }));
    const made = await toldWhereTyped(typed, () =>
      client.checkedPlan({
        text: typed.text,
        file: typed.file,
        services,
        connectionsFile: connections,
        onWarnings: (warnings) => showDiagnostics(context, warnings),
      }),
    );
    await client.checkLocalEnds(made, context.cwd);
    if (options.json === true) {
      const { name } = made;
      context.stdout.write(`${JSON.stringify({ name, nodes: client.planWords(made) }, undefined, 2)}\n`);
    } else {
      context.stdout.write(`${[made.name, ...client.describePlan(made)].join('\n')}\n`);
    }
    return 0;
  },
};
