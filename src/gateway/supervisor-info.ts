import packageJson from '../../package.json' with { type: 'json' };
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { SupervisorInfo } from '../workflow/index.ts';
import { workflowRuns } from '../workflow/workflow-runs.ts';

/** What this process can say of itself. `listens` may still grow. */
export function createInfo(
  { stateFolder }: { readonly stateFolder: string },
  { supervisor, connectionsFile }: { readonly supervisor: Supervisor; readonly connectionsFile?: string },
  listens: readonly string[],
): () => SupervisorInfo {
  const started = new Date(Date.now() - process.uptime() * 1000).toISOString();
  return () => {
    const workflows = supervisor.list();
    const { user, system } = process.cpuUsage();
    return {
      version: packageJson.version,
      pid: process.pid,
      started,
      stateFolder,
      ...(connectionsFile === undefined ? {} : { connectionsFile }),
      listens,
      workflows: workflows.length,
      running: workflows.filter(({ state }) => workflowRuns(state)).length,
      memory: process.memoryUsage.rss(),
      cpuSeconds: (user + system) / 1e6,
    };
  };
}
