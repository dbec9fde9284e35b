import type { SupervisorClient } from '../client/index.ts';
import { NstackError } from '../core/index.ts';
import type { CliContext } from './command.ts';

export interface WithSupervisorOptions {
  /** How it is connected to, where not as the environment says. */
  readonly connect?: () => Promise<SupervisorClient>;
  /** What the supervisor goes on with when the command is interrupted: `starting clicks`. */
  readonly goesOn?: string;
}

/** Does something with the supervisor that the environment names, and lets go of it. */
export async function withSupervisor<T>(
  context: CliContext,
  work: (client: SupervisorClient) => Promise<T>,
  { connect, goesOn }: WithSupervisorOptions = {},
): Promise<T> {
  // Not by the folder's index, which brings the workflow language: 50 ms that `nstack ps` can do without.
  const { connectSupervisor } = await import('../client/connect-supervisor.ts');
  const client =
    connect === undefined
      ? await connectSupervisor({ env: context.env, signal: context.signal })
      : await connect();
  try {
    return await work(client);
  } catch (error) {
    if (!context.signal.aborted || goesOn === undefined) throw error;
    throw new NstackError('interrupted', `interrupted; the supervisor goes on ${goesOn}`, {
      hint: '`nstack ps --all` says how far it is.',
    });
  } finally {
    client.close();
  }
}
