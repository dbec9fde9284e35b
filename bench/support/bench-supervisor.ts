import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SupervisorClient, startSupervisor, type WorkflowInfo } from '../../src/client/index.ts';
import { createClient } from '../../src/client/supervisor-client.ts';
import { packageRoot } from '../../src/core/index.ts';
import { childrenOf } from './process-usage.ts';

/** A supervisor with a state of its own, started as `nstack supervisor start` does it; it needs dist/. */
export interface BenchSupervisor {
  readonly client: SupervisorClient;
  readonly pid: number;
  /** A folder that goes with the supervisor. */
  readonly folder: string;
  /** Starts a workflow, and answers the process that carries it. */
  start(name: string, text: string, options?: { readonly trace?: boolean }): Promise<number>;
  /** Resolves with the first state of the workflow for which the question is answered with yes; rejects where it failed. */
  until(name: string, what: (info: WorkflowInfo) => boolean): Promise<WorkflowInfo>;
  /** May be called again. */
  end(): Promise<void>;
}

/** `connections` is the content of the connections file; left out: there is none. */
export async function startBenchSupervisor(connections?: string): Promise<BenchSupervisor> {
  const folder = await mkdtemp(join(tmpdir(), 'nstack-bench-'));
  const state = join(folder, 'state');
  const file = join(folder, 'connections.yaml');
  if (connections !== undefined) await writeFile(file, connections);
  const env = {
    ...process.env,
    NSTACK_STATE: state,
    NSTACK_CONNECTIONS: file,
    NSTACK_SUPERVISOR: undefined,
  };
  const { info } = await startSupervisor({ env, packageRoot: packageRoot() }).catch(async (error) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const path = join(state, 'supervisor.sock');
  const client = createClient({ kind: 'unix', path, shown: 'the supervisor of the benchmark' });
  let ended: Promise<void> | undefined;

  async function end(): Promise<void> {
    await client.stopSupervisor({ now: true });
    client.close();
    await rm(folder, { recursive: true, force: true });
  }

  return {
    client,
    pid: info.pid,
    folder,
    async start(name, text, options = {}) {
      const before = new Set(childrenOf(info.pid));
      await client.start({ name, text, file: '<benchmark>', folder, ...options });
      const [pid] = childrenOf(info.pid).filter((child) => !before.has(child));
      if (pid === undefined) throw new Error(`${name} has no data path`);
      return pid;
    },
    async until(name, what) {
      for await (const event of client.events({ workflow: name })) {
        if (event.kind !== 'workflow') continue;
        const { workflow } = event;
        if (what(workflow)) return workflow;
        if (workflow.state === 'failed') throw new Error(`${name} failed: ${workflow.error?.message}`);
      }
      throw new Error(`the supervisor ended before ${name} came into that state`);
    },
    end() {
      ended ??= end();
      return ended;
    },
  };
}
