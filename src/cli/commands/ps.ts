import type { WorkflowInfo } from '../../client/index.ts';
import type { CliCommand } from '../command.ts';
import { oneLine } from '../one-line.ts';
import { table } from '../table.ts';
import { withSupervisor } from '../with-supervisor.ts';

export const ps: CliCommand = {
  usage: 'ps',
  summary: 'list the workflows that run, and those that failed',
  options: [
    { flags: '--all', description: 'those too that are stopped, have ended or were never started' },
    { flags: '--json', description: 'print them as JSON' },
  ],
  examples: ['nstack ps', 'nstack ps --all --json'],
  async run(context, _args, options) {
    const [{ count, duration }, { workflowRuns }] = await Promise.all([
      import('../../client/words.ts'),
      import('../../client/workflow-runs.ts'),
    ]);
    const known = await withSupervisor(context, (client) => client.list());
    const shown =
      options.all === true ? known : known.filter(({ state }) => workflowRuns(state) || state === 'failed');
    if (options.json === true) {
      context.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
      return 0;
    }
    if (shown.length > 0) {
      const now = Date.now();
      const rows = shown.map((info) => [
        oneLine(info.name),
        `v${info.version}`,
        info.state,
        duration(Math.max(0, now - Date.parse(info.since)) / 1000),
        ...countsOf(info).map((value) => (value === undefined ? '-' : count(value))),
      ]);
      context.stdout.write(table(head, rows));
    }
    for (const { name, state, error } of shown) {
      if (error !== undefined && (state === 'failed' || state === 'restarting'))
        context.stderr.write(`${oneLine(name)} ${state}: ${oneLine(error.message)}\n`);
    }
    const hidden = known.length - shown.length;
    if (hidden > 0)
      context.stderr.write(`${hidden} more ${hidden === 1 ? 'does' : 'do'} not run: --all shows them\n`);
    else if (known.length === 0) context.stderr.write('no workflows yet: `nstack start` starts one\n');
    return 0;
  },
};

const head = ['NAME', 'VERSION', 'STATE', 'FOR', 'IN', 'OUT', 'DEAD LETTERS', 'LAG', 'RESTARTS'];

/** In, out, dead letters, lag and restarts; of a workflow that does not run, those of its last run. */
function countsOf({ status, outcome, deadLetters, restarts }: WorkflowInfo): readonly (number | undefined)[] {
  const sum = (values: readonly (number | undefined)[]) =>
    values.reduce<number | undefined>(
      (total, value) => (value === undefined ? total : (total ?? 0) + value),
      undefined,
    );
  return [
    status === undefined ? outcome?.in : sum(status.sources.map((source) => source.in)),
    status === undefined ? outcome?.out : sum(status.sinks.map((sink) => sink.out)),
    deadLetters,
    sum((status?.sources ?? []).map(({ progress }) => progress.lag)),
    restarts,
  ];
}
