import type { Manifest } from '../manifest/index.ts';
import type { CliContext, CliOptions } from './command.ts';

/** Values of the secrets that a service asks for, from the connections file; that is not read for one that asks for none. */
export async function secretsOf(
  context: CliContext,
  flag: CliOptions[string],
  { name, secrets }: Manifest,
): Promise<Readonly<Record<string, string>>> {
  if (secrets.length === 0) return {};
  const [{ loadConnectionsFile }, { resolveSecrets }] = await Promise.all([
    import('./load-connections-file.ts'),
    import('../connectors/connections/index.ts'),
  ]);
  const file = await loadConnectionsFile(context, flag);
  return await resolveSecrets(file, name, secrets, context.signal, context.env);
}
