import { NstackError, nearestWord } from '../../core/index.ts';
import type { ConnectionsFile, SecretDescription } from './connections-file.ts';
import { referenceWords } from './read-reference.ts';
import { where } from './resolve-connection.ts';
import { ReferenceFailure, resolveReference } from './resolve-reference.ts';

/**
 * The secrets that a service asks for, by name. Fails with `connection-invalid`, which names the service, each secret at fault, its reference and its place, and
 * never a value.
 */
export async function resolveSecrets(
  { file, secrets }: Pick<ConnectionsFile, 'file' | 'secrets'>,
  service: string,
  names: readonly string[],
  signal: AbortSignal,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Readonly<Record<string, string>>> {
  const wanted = names.map((name) => ({ name, secret: secrets.find((secret) => secret.name === name) }));
  const missing = wanted.flatMap(({ name, secret }) => (secret === undefined ? [name] : []));
  if (missing.length > 0) throw unknownSecrets(service, missing, file, secrets);
  const found = wanted.flatMap(({ secret }) => secret ?? []);
  const texts = await Promise.all(
    found.map(async (secret) => [secret.name, await textOf(secret, service, env, signal)] as const),
  );
  signal.throwIfAborted();
  return Object.fromEntries(texts);
}

async function textOf(
  { name, reference, place }: SecretDescription,
  service: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await resolveReference(reference, env, signal);
  } catch (error) {
    if (!(error instanceof ReferenceFailure)) throw error;
    throw new NstackError(
      'connection-invalid',
      `the secret ${name} of ${service} (${referenceWords(reference)}, ${where(place)}): ${error.message}`,
      { cause: error },
    );
  }
}

function unknownSecrets(
  service: string,
  missing: readonly string[],
  file: string,
  secrets: readonly SecretDescription[],
): NstackError {
  const known = secrets.map(({ name }) => name);
  const [first = ''] = missing;
  const nearest = nearestWord(first, known);
  const example = `Write there:\nsecrets:\n${missing.map((name) => `  ${name}: { env: ${name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()} }`).join('\n')}\nor {file: path} or {command: [program, argument]} in place of {env: NAME}.`;
  return new NstackError(
    'connection-invalid',
    `${service} needs the secret${missing.length === 1 ? '' : 's'} ${missing.join(', ')}, which ${file} does not have`,
    { hint: nearest === undefined ? example : `It has ${nearest}. ${example}` },
  );
}
