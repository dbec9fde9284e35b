import { NstackError } from '../core/index.ts';
import type { Manifest } from '../manifest/index.ts';
import type { CliContext } from './command.ts';
import { loadConnectionsFile } from './load-connections-file.ts';

/**
 * The values of a service's secrets that are known here, to be looked for before its image leaves: given, in the connections file, or in a variable of the same name. `unknown`
 * are the names of the others.
 */
export async function secretsAtPush(
  context: CliContext,
  { name, secrets, buildSecrets }: Manifest,
  given: Readonly<Record<string, string>>,
): Promise<{ readonly values: Readonly<Record<string, string>>; readonly unknown: readonly string[] }> {
  const names = [...new Set([...secrets, ...buildSecrets.map((one) => one.name)])];
  const values: Record<string, string> = { ...given };
  const open = names.filter((one) => values[one] === undefined);
  if (open.length > 0) {
    const [{ resolveSecrets }, file] = await Promise.all([
      import('../connectors/connections/index.ts'),
      loadConnectionsFile(context, undefined),
    ]);
    for (const one of open) {
      const inFile = file.secrets.some((secret) => secret.name === one);
      const found = inFile
        ? await resolveSecrets(file, name, [one], context.signal, context.env).catch(notHere)
        : undefined;
      const value = found?.[one] ?? context.env[one];
      if (value !== undefined && value !== '') values[one] = value;
    }
  }
  return { values, unknown: names.filter((one) => values[one] === undefined) };
}

/** A secret that cannot be found on this machine cannot be looked for here either, which is told. */
function notHere(error: unknown): undefined {
  if (!(error instanceof NstackError) || error.code !== 'connection-invalid') throw error;
}
