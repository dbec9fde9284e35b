import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NstackError, packageRoot } from '../core/index.ts';
import type { BuildStep, Manifest } from '../manifest/index.ts';
import type { ServiceFolder } from './stack.ts';

/**
 * What a step's command begins with in a Dockerfile where the step needs secrets: it fetches them, runs what follows, and removes them. Empty where it needs none. The step
 * needs `ARG NSTACK_SECRETS` before it.
 */
export async function secretsPrefix(service: ServiceFolder, step: BuildStep): Promise<readonly string[]> {
  const names = secretsOf(service.manifest, step);
  if (names.length === 0) return [];
  const keys = names.map((name) => service.secretKeys?.[name] ?? '').join(' ');
  return ['/bin/bash', '-c', await script('fetch', 'run'), 'secrets', keys, names.join(' ')];
}

/** The same for a builder that mounts them as /run/secrets/NAME itself. */
export async function mountedSecretsPrefix(
  { manifest }: ServiceFolder,
  step: BuildStep,
): Promise<readonly string[]> {
  const names = secretsOf(manifest, step);
  return names.length === 0 ? [] : ['/bin/sh', '-c', await script('run'), 'secrets', names.join(' ')];
}

/** Names of the secrets that a step needs. */
export function secretsOf({ buildSecrets }: Manifest, step: BuildStep): readonly string[] {
  return buildSecrets.filter(({ steps }) => steps.includes(step)).map(({ name }) => name);
}

/** Parts of templates/secrets as one script, without what they say of themselves. */
async function script(...parts: readonly string[]): Promise<string> {
  const texts = await Promise.all(
    parts.map((part) => readFile(join(packageRoot(), 'templates/secrets', `${part}.sh`), 'utf8')),
  );
  return texts.join('').replaceAll(/^#.*\n/gm, '');
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
