import { connectionsPath } from '../connectors/connections/connections-path.ts';
import { packageRoot } from '../core/index.ts';
import { policyFile } from '../registry/policy/policy-file.ts';
import { evidenceFolder } from '../registry/signatures/evidence.ts';
import { createSupervisor } from '../supervisor/create-supervisor.ts';
import { createConnectionDesk } from './connection-desk.ts';
import { runSupervisor } from './run-supervisor.ts';

/*
 * The supervisor of many workflows, as a process: started by `nstack supervisor start`, by `nstack start` where none runs, or by an init system.
 */

const { env } = process;

await runSupervisor(process.argv.slice(2), env, async ({ stateFolder, connections, policy }, log) => {
  const connectionsFile = connectionsPath(env, connections);
  return {
    supervisor: await createSupervisor({
      stateFolder,
      packageRoot: packageRoot(),
      connectionsFile,
      trust: { policy: policyFile(env, policy), evidence: evidenceFolder(env) },
      log,
    }),
    connections: createConnectionDesk(connectionsFile),
    connectionsFile,
  };
});
