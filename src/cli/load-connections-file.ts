import { type ConnectionsFile, loadConnections } from '../connectors/connections/index.ts';
import { connectors } from '../connectors/index.ts';
import type { CliContext, CliOptions } from './command.ts';
import { connectionsFile } from './connections-file.ts';
import { showDiagnostics } from './show-diagnostics.ts';

/** The connections file that a command uses, checked; its warnings are shown. */
export async function loadConnectionsFile(
  context: CliContext,
  flag: CliOptions[string],
): Promise<ConnectionsFile> {
  const file = await loadConnections(await connectionsFile(context, flag), connectors);
  showDiagnostics(context, file.diagnostics);
  return file;
}
