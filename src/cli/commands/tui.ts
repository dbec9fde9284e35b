import { NstackError, packageRoot } from '../../core/index.ts';
import type { CliCommand, CliContext, CliOptions } from '../command.ts';
import { connectionsOption } from '../options.ts';
import { withSupervisor } from '../with-supervisor.ts';

export const tui: CliCommand = {
  usage: 'tui',
  summary: 'watch and steer workflows, their logs and dead letters, on the whole terminal',
  options: [connectionsOption],
  examples: ['nstack tui', 'NSTACK_SUPERVISOR=http://127.0.0.1:7700 NSTACK_TOKEN=... nstack tui'],
  async run(context, _args, options) {
    requireTerminal(context);
    const { runTui } = await import('../../tui/index.ts');
    await withSupervisor(context, (client) =>
      runTui({
        client,
        startSupervisor: () => startSupervisorFor(context, options),
        stdin: context.stdin,
        stdout: context.stdout,
        color: !context.env.NO_COLOR,
        signal: context.signal,
      }),
    );
    return 0;
  },
};

function requireTerminal({ stdin, stdout, env }: CliContext): void {
  const missing =
    stdin.isTTY !== true
      ? 'stdin is none'
      : stdout.isTTY !== true
        ? 'stdout is none'
        : env.TERM === 'dumb'
          ? 'TERM is dumb'
          : undefined;
  if (missing === undefined) return;
  throw new NstackError('usage', `nstack tui needs a terminal, and ${missing}`, {
    hint: '`nstack ps --all` lists the workflows, `--json` for programs; `nstack logs --follow` shows what they log.',
  });
}

/** A supervisor on this machine, which outlives the terminal, as `nstack start` would start it. */
async function startSupervisorFor({ cwd, env, signal }: CliContext, options: CliOptions): Promise<string> {
  const [{ resolve }, { startSupervisor }] = await Promise.all([
    import('node:path'),
    import('../../client/index.ts'),
  ]);
  const named = options.connections;
  const args = typeof named === 'string' ? ['--connections', resolve(cwd, named)] : [];
  const { info } = await startSupervisor({ env, packageRoot: packageRoot(), args, signal });
  return `a supervisor runs now (process ${info.pid}, state in ${info.stateFolder})`;
}
