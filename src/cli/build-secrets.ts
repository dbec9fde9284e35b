import { NstackError, nearestWord } from '../core/index.ts';
import type { Manifest } from '../manifest/index.ts';
import type { CliContext, CliOptions } from './command.ts';
import { secretsGiven } from './secrets-given.ts';

/** The values of the secrets that a service's build needs, all of them and no other. Fails with `usage`, saying how to give them. */
export async function buildSecretsOf(
  context: Pick<CliContext, 'cwd' | 'env' | 'signal'>,
  manifest: Manifest,
  flag: CliOptions[string],
): Promise<Readonly<Record<string, string>>> {
  const given = await secretsGiven(context, flag);
  const needed = manifest.buildSecrets.map(({ name }) => name);
  const other = Object.keys(given).find((name) => !needed.includes(name));
  if (other !== undefined) {
    const near = nearestWord(other, needed);
    throw new NstackError('usage', `the build of ${manifest.name} has no secret ${other}`, {
      hint:
        near === undefined
          ? `name it in nstack.yaml with the steps that need it: buildSecrets: { ${other}: [commands] }`
          : `did you mean ${near}?`,
    });
  }
  const missing = needed.filter((name) => given[name] === undefined);
  if (missing.length === 0) return given;
  throw new NstackError(
    'usage',
    `the build of ${manifest.name} needs the secret${missing.length === 1 ? '' : 's'} ${missing.join(', ')}`,
    { hint: `say where: ${missing.map((name) => `--secret=${name}=env:VARIABLE`).join(' ')}` },
  );
}
