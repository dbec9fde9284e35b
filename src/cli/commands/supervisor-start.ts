import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SupervisorInfo } from '../../client/index.ts';
import { NstackError, packageRoot, stateFiles } from '../../core/index.ts';
import type { CliCommand, CliContext, CliOptions } from '../command.ts';
import { connectionsOption, policyOption } from '../options.ts';

export const supervisorStart: CliCommand = {
  usage: 'supervisor start',
  summary:
    'start a supervisor of your own, which outlives the terminal; what ran with the last one starts again',
  options: [
    { flags: '--listen <address>', description: 'answer on TCP too, with a token: 127.0.0.1:7700' },
    {
      flags: '--insecure-listen',
      description: 'let that be an address that other machines reach, in plain HTTP',
    },
    connectionsOption,
    policyOption,
    { flags: '--foreground', description: 'stay in this terminal, with the log on stderr' },
  ],
  examples: [
    'nstack supervisor start',
    'nstack supervisor start --listen=127.0.0.1:7700 --connections=staging.yaml',
    'NSTACK_STATE=/var/lib/nstack nstack supervisor start --foreground',
  ],
  async run(context, _args, options) {
    const program = join(packageRoot(), 'dist', 'supervisor.mjs');
    const args = argumentsOf(context, options);
    if (options.foreground === true) return stay(program, args);
    const { startSupervisor } = await import('../../client/start-supervisor.ts');
    const running = await runningInfo(context);
    if (running !== undefined && args.length > 0) throw otherwise(running);
    const info =
      running ??
      (await startSupervisor({ env: context.env, packageRoot: packageRoot(), args, signal: context.signal }))
        .info;
    context.stderr.write(
      `a supervisor ${running === undefined ? 'runs now' : 'runs already'} (process ${info.pid}): ${info.listens.join(', ')}\n`,
    );
    if (info.listens.some((address) => address.startsWith('http:')))
      context.stderr.write(`the token for TCP is in ${join(info.stateFolder, stateFiles.token)}\n`);
    return 0;
  },
};

function argumentsOf(context: CliContext, options: CliOptions): readonly string[] {
  const { listen, connections, policy } = options;
  return [
    ...(typeof listen === 'string' ? [`--listen=${listen}`] : []),
    ...(options.insecureListen === true ? ['--insecure-listen'] : []),
    ...(typeof connections === 'string' ? [`--connections=${resolve(context.cwd, connections)}`] : []),
    ...(typeof policy === 'string' ? [`--policy=${resolve(context.cwd, policy)}`] : []),
  ];
}

/** Becomes the supervisor's program, which ends this process itself: in order with the first signal, at once with the second. */
async function stay(program: string, args: readonly string[]): Promise<never> {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args);
  await import(pathToFileURL(program).href);
  return new Promise<never>(() => {});
}

/** What runs on this machine's socket, wherever NSTACK_SUPERVISOR points. */
async function runningInfo({ env, signal }: CliContext): Promise<SupervisorInfo | undefined> {
  const { connectSupervisor } = await import('../../client/connect-supervisor.ts');
  const client = await connectSupervisor({ env: { ...env, NSTACK_SUPERVISOR: undefined }, signal });
  try {
    return await client.info();
  } catch (error) {
    if (error instanceof NstackError && error.code === 'supervisor-unavailable') return undefined;
    throw error;
  } finally {
    client.close();
  }
}

function otherwise({ pid, listens, connectionsFile }: SupervisorInfo): NstackError {
  return new NstackError(
    'usage',
    `a supervisor runs already (process ${pid}), with ${listens.join(', ')} and the connections in ${connectionsFile}`,
    { hint: '`nstack supervisor stop` ends it; what runs starts again with the next one.' },
  );
}
