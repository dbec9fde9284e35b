import { resolve } from 'node:path';
import type { SupervisorClient } from '../client/index.ts';
import { NstackError, packageRoot } from '../core/index.ts';
import type { CliContext, CliOptions } from './command.ts';

/** The supervisor of this machine, started where none runs, which is told. */
export async function connectForStart(context: CliContext, options: CliOptions): Promise<SupervisorClient> {
  const { connectSupervisor } = await import('../client/connect-supervisor.ts');
  const named = options.connections;
  const connections = typeof named === 'string' ? resolve(context.cwd, named) : undefined;
  let started = false;
  const client = await connectSupervisor({
    env: context.env,
    signal: context.signal,
    autostart: {
      packageRoot: packageRoot(),
      args: connections === undefined ? [] : ['--connections', connections],
      onStarted({ info, own }) {
        started = own;
        if (own)
          context.stderr.write(`started a supervisor (process ${info.pid}, state in ${info.stateFolder})\n`);
      },
    },
  });
  if (connections !== undefined && !started) await requireConnections(client, connections);
  return client;
}

/** Connections are the supervisor's: one that runs with others does not change them for one workflow. */
async function requireConnections(client: SupervisorClient, wanted: string): Promise<void> {
  const { connectionsFile } = await client.info();
  if (connectionsFile === wanted) return;
  client.close();
  throw new NstackError(
    'usage',
    `the supervisor that runs has its connections from ${connectionsFile}, not from ${wanted}`,
    {
      hint: 'Stop it first (`nstack supervisor stop`), or give it another state folder in NSTACK_STATE.',
    },
  );
}
