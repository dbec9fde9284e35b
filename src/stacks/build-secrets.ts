import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NstackError, packageRoot } from '../core/index.ts';
import type { BuildStep } from '../manifest/index.ts';
import type { ServiceFolder } from './stack.ts';

/**
 * What a step's command begins with in a Dockerfile where the step needs secrets: it fetches them, runs what follows, and removes them. Empty where it needs none. The step
 * needs `ARG NSTACK_SECRETS` before it.
 */
export async function secretsPrefix(
  { manifest, secretKeys = {} }: ServiceFolder,
  step: BuildStep,
): Promise<readonly string[]> {
  const names = manifest.buildSecrets.filter(({ steps }) => steps.includes(step)).map(({ name }) => name);
  if (names.length === 0) return [];
  const script = await readFile(join(packageRoot(), 'templates/with-secrets.sh'), 'utf8');
  const keys = names.map((name) => secretKeys[name] ?? '').join(' ');
  return ['/bin/bash', '-c', script, 'secrets', names.join(' '), keys];
}

/** The part of a recipe's key that secrets are: none where there are none. */
export function keyOf(secrets: readonly string[]): { readonly secrets?: readonly string[] } {
  return secrets.length === 0 ? {} : { secrets };
}

/** Fails with `manifest-invalid` where a secret is for a step that services in this language have not. */
export function refuseForeignSteps(
  { manifest, manifestFile }: ServiceFolder,
  { language, systems }: { readonly language: string; readonly systems: readonly string[] },
): void {
  for (const { name, steps } of manifest.buildSecrets) {
    const foreign = steps.find((step) => step !== 'commands' && !systems.includes(step));
    if (foreign !== undefined)
      throw new NstackError(
        'manifest-invalid',
        `${manifestFile}: the build secret ${name} is for ${foreign}, which no ${language} service has`,
        { hint: `steps of a ${language} service are ${[...systems, 'commands'].join(' and ')}` },
      );
  }
}
