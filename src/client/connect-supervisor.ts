import { NstackError } from '../core/index.ts';
import { type StartedSupervisor, type StartSupervisorOptions, startSupervisor } from './start-supervisor.ts';
import { supervisorAddress } from './supervisor-address.ts';
import { createClient, type SupervisorClient } from './supervisor-client.ts';

export interface ConnectSupervisorOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted: every call rejects with its reason. */
  readonly signal?: AbortSignal;
  /** How a supervisor is started where none runs on this machine; left out: none is. */
  readonly autostart?: Pick<StartSupervisorOptions, 'packageRoot' | 'args' | 'program'> & {
    onStarted(started: StartedSupervisor): void;
  };
}

/** A client of the supervisor that the environment names. Without `autostart` nothing is sent yet: the first call says whether it is there. */
export async function connectSupervisor(options: ConnectSupervisorOptions): Promise<SupervisorClient> {
  const { env, signal, autostart } = options;
  const address = supervisorAddress(env);
  const client = createClient(address, signal);
  if (autostart === undefined || address.kind === 'tcp') return client;
  try {
    await client.info();
  } catch (error) {
    if (!(error instanceof NstackError) || error.code !== 'supervisor-unavailable') throw error;
    const started = await startSupervisor({ env, ...autostart, ...(signal === undefined ? {} : { signal }) });
    autostart.onStarted(started);
  }
  return client;
}
