import { buildSteps, type Manifest } from '../../manifest/index.ts';
import { mountedSecretsPrefix, type ServiceFolder, secretsOf, secretsPrefix } from '../../stacks/index.ts';
import { jsonForm } from './instruction.ts';

/**
 * A rendered Dockerfile in which the engine's BuildKit mounts the secrets of a service's build, each for the very steps that need it, in the place of nstack, which hands them
 * out in its own builds. It is the same text where no step needs any.
 */
export async function mountSecrets(dockerfile: string, service: ServiceFolder): Promise<string> {
  let mounted = dockerfile;
  for (const step of buildSteps) {
    const names = secretsOf(service.manifest, step);
    if (names.length === 0) continue;
    const [ours, theirs] = await Promise.all([
      secretsPrefix(service, step),
      mountedSecretsPrefix(service, step),
    ]);
    const mounts = names.map((name) => `--mount=type=secret,id=${name},required=true`).join(' ');
    mounted = mounted
      .split('\n')
      .filter((line) => line !== 'ARG NSTACK_SECRETS')
      .map((line) =>
        line.startsWith(beginning(ours))
          ? `RUN ${mounts} ${jsonForm(theirs).slice(0, -1)}${line.slice(beginning(ours).length)}`
          : line,
      )
      .join('\n');
  }
  return mounted;
}

/** RUN with these words and more. An author's words stand behind them. */
function beginning(words: readonly string[]): string {
  return `RUN ${jsonForm(words).slice(0, -1)}`;
}

/** Secrets that a Dockerfile mounts, in the order of the manifest. */
export function mountedSecrets(dockerfile: string, { buildSecrets }: Manifest): readonly string[] {
  const lines = dockerfile.split('\n').filter((line) => line.startsWith('RUN --mount='));
  return buildSecrets
    .map(({ name }) => name)
    .filter((name) => lines.some((line) => line.includes(`type=secret,id=${name},`)));
}
