import { resolve } from 'node:path';
import type { Reference } from '../connectors/connections/index.ts';
import { NstackError } from '../core/index.ts';
import type { CliContext, CliOption, CliOptions } from './command.ts';

export const secretOption: CliOption = {
  flags: '--secret <name=place...>',
  description:
    'where a secret is: TOKEN=env:VARIABLE, TOKEN=file:PATH, or TOKEN for a variable of that name; may be repeated',
};

/** The values of the secrets that `--secret` tells of, by name. Fails with `usage`; no message holds a value. */
export async function secretsGiven(
  { cwd, env, signal }: Pick<CliContext, 'cwd' | 'env' | 'signal'>,
  flag: CliOptions[string],
): Promise<Readonly<Record<string, string>>> {
  const given = secretFlags(flag);
  if (given.length === 0) return {};
  const { ReferenceFailure, resolveReference } = await import('../connectors/connections/index.ts');
  const entries = given.map(async (text: string) => {
    const { name, reference } = parse(text, cwd);
    try {
      return [name, await resolveReference(reference, env, signal)] as const;
    } catch (error) {
      if (!(error instanceof ReferenceFailure)) throw error;
      throw new NstackError('usage', `the secret ${name} (--secret): ${error.message}`, { cause: error });
    }
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** What stands behind each `--secret`. */
export function secretFlags(flag: CliOptions[string]): readonly string[] {
  return Array.isArray(flag) ? flag : typeof flag === 'string' ? [flag] : [];
}

/** The name in `NAME=env:VARIABLE`. Fails with `usage`. */
export function nameOfSecret(text: string): string {
  return parse(text, '/').name;
}

function parse(text: string, cwd: string): { readonly name: string; readonly reference: Reference } {
  const [, name = '', , kind = 'env', place] =
    /^([A-Za-z_][A-Za-z0-9_.-]*)(=(env|file):(.+))?$/s.exec(text) ?? [];
  // What stands behind the name may be the secret itself, and is not repeated.
  if (name === '')
    throw new NstackError('usage', '--secret tells where a secret is, and never the secret itself', {
      hint: 'write --secret=TOKEN=env:VARIABLE, --secret=TOKEN=file:PATH, or --secret=TOKEN for a variable of that name',
    });
  if (kind === 'env') return { name, reference: { kind, name: place ?? name } };
  const written = place ?? '';
  return { name, reference: { kind: 'file', path: resolve(cwd, written), written } };
}
