import { type ConnectionsFile, connectionsPath, loadConnections } from '../connectors/connections/index.ts';
import { connectors } from '../connectors/index.ts';
import type { CliContext } from './command.ts';
import { showDiagnostics } from './show-diagnostics.ts';

/** The connections file that a command uses; its warnings are shown. One that somebody named must be there; the usual one need not. */
export async function loadConnectionsFile(
  context: CliContext,
  flag: string | boolean | readonly string[] | undefined,
): Promise<ConnectionsFile> {
  const named = typeof flag === 'string' ? flag : undefined;
  const path = connectionsPath(context.env, named, context.cwd);
  const file = await loadConnections(path, connectors, {
    needed: Boolean(named ?? context.env.NSTACK_CONNECTIONS),
  });
  showDiagnostics(context, file.diagnostics);
  return file;
}
