import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SupervisorClient, WorkflowInfo } from '../../src/client/index.ts';
import { createClient } from '../../src/client/supervisor-client.ts';
import { type Ended, nstack } from './nstack.ts';

/** A folder with a supervisor's state in it, and the command line that works there. */
export interface TestSupervisor {
  /** Where workflows have their files. */
  readonly folder: string;
  readonly state: string;
  readonly env: NodeJS.ProcessEnv;
  nstack(...args: readonly string[]): Promise<Ended>;
  client(): SupervisorClient;
  pid(): Promise<number>;
  /** SIGKILL, as the kernel does when memory is short. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Resolves with the first state of the workflow for which the question is answered with yes. */
  until(name: string, what: (info: WorkflowInfo) => boolean): Promise<WorkflowInfo>;
  /** Ends the supervisor, if one runs, and removes the folder. */
  end(): Promise<void>;
}

export async function testSupervisor(env: NodeJS.ProcessEnv = {}): Promise<TestSupervisor> {
  const folder = await mkdtemp(join(tmpdir(), 'ns-'));
  const state = join(folder, 'state');
  const own = { NSTACK_STATE: state, NSTACK_CONNECTIONS: undefined, NSTACK_SUPERVISOR: undefined, ...env };
  const run = (...args: readonly string[]) => nstack(args, { cwd: folder, env: own });
  const pid = async () => Number(await readFile(join(state, 'supervisor.pid'), 'utf8'));
  const client = () =>
    createClient({ kind: 'unix', path: join(state, 'supervisor.sock'), shown: 'the supervisor of the test' });

  return {
    folder,
    state,
    env: own,
    nstack: run,
    client,
    pid,
    async kill() {
      const victim = await pid();
      process.kill(victim, 'SIGKILL');
      while (runs(victim)) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    async until(name, what) {
      const asked = client();
      try {
        const events = asked.events({ workflow: name });
        for await (const event of events) {
          if (event.kind === 'workflow' && event.workflow.name === name && what(event.workflow))
            return event.workflow;
        }
        throw new Error(`the supervisor ended before ${name} came into that state`);
      } finally {
        asked.close();
      }
    },
    async end() {
      await run('supervisor', 'stop', '--now');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
