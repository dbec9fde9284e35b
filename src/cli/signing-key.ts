import { resolve } from 'node:path';
import { NstackError } from '../core/index.ts';
import type { SigningKey } from '../registry/index.ts';
import type { CliContext } from './command.ts';

/** The signing key of a file that a flag names. The password of an encrypted one is in COSIGN_PASSWORD. */
export async function signingKeyOf(
  { cwd, env }: Pick<CliContext, 'cwd' | 'env'>,
  file: string,
): Promise<SigningKey> {
  const [{ readFile }, { readSigningKey }] = await Promise.all([
    import('node:fs/promises'),
    import('../registry/index.ts'),
  ]);
  const pem = await readFile(resolve(cwd, file), 'utf8').catch((cause: unknown) => {
    throw new NstackError('key-invalid', `the key ${file} cannot be read`, {
      cause,
      hint: 'Make a pair with: nstack signature keys',
    });
  });
  return readSigningKey(pem, file, env.COSIGN_PASSWORD);
}
