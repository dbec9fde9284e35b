import { loadConnections } from '../connectors/connections/index.ts';
import { connectors } from '../connectors/index.ts';
import { NstackError } from '../core/index.ts';
import type { RegisteredService } from '../registry/index.ts';
import { type BrokenWorkflow, type WorkflowInfo, workflowsBrokenBy } from '../workflow/index.ts';
import { connectSupervisor } from './connect-supervisor.ts';

/** What a supervisor knows, asked without starting one. */
export interface RegisteredWorkflows {
  readonly workflows: readonly WorkflowInfo[];
  /** Absolute path of the file that its connections are from, where it tells. */
  readonly connectionsFile: string | undefined;
}

/** The workflows of the supervisor that the environment names; undefined where none runs. Fails as its API does otherwise. */
export async function registeredWorkflows(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<RegisteredWorkflows | undefined> {
  const client = await connectSupervisor({ env, signal });
  try {
    const [{ connectionsFile }, workflows] = await Promise.all([client.info(), client.list()]);
    return { workflows, connectionsFile };
  } catch (error) {
    if (error instanceof NstackError && error.code === 'supervisor-unavailable') return undefined;
    throw error;
  } finally {
    client.close();
  }
}

/** Which of them the services of `after` would break that those of `before` do not. */
export async function workflowsBroken(
  { workflows, connectionsFile }: RegisteredWorkflows,
  before: readonly RegisteredService[],
  after: readonly RegisteredService[],
): Promise<readonly BrokenWorkflow[]> {
  // A supervisor on another machine has its file there: without it, faults of connections stand on both sides.
  const { connections } = await loadConnections(connectionsFile ?? '', connectors).catch(() => ({
    connections: [],
  }));
  const world = { connectors, connections };
  return workflowsBrokenBy(workflows, { ...world, services: before }, { ...world, services: after });
}
