// Not the whole of the builder, and all at once: what pushes and compares takes longer to load than a build to begin.

import type { BegunBuild } from '../builder/begin-build.ts';
import { buildFolder } from '../builder/build.ts';
import { cacheFolder } from '../builder/cache-folder.ts';
import type { BuildResult, BuildServiceOptions } from '../builder/index.ts';
import { secretKeys, withBuildSecrets } from '../builder/secrets/index.ts';
import { connectEngine } from '../engine/index.ts';
import { readManifest } from '../manifest/index.ts';
import { buildSecretsOf } from './build-secrets.ts';
import { cachePlaces } from './cache-places.ts';
import { checkAndProbe } from './check-and-probe.ts';
import type { CliContext, CliOptions } from './command.ts';
import { showProgress } from './show-progress.ts';
import { createSteps } from './steps.ts';

/**
 * Builds the service in a folder as `build` and `upgrade` do, and shows its progress and findings. `readSince`: since when its files are read, milliseconds since 1970;
 * `begun`: what the engine was asked for already, since one was written to after it was built.
 */
export async function buildHere(
  context: CliContext,
  root: string,
  options: CliOptions,
  wanted: Pick<BuildServiceOptions, 'explain' | 'force' | 'frozen' | 'upgrade' | 'warm'> & {
    readonly readSince: number;
    readonly begun?: BegunBuild | undefined;
  },
): Promise<BuildResult> {
  const { json, secret } = options;
  const { signal } = context;
  const { manifest, file } = await readManifest(root);
  const secrets = await buildSecretsOf(context, manifest, secret);
  const keys = await secretKeys(secrets, await cacheFolder());
  const steps = createSteps(context, { quiet: json === true });
  const connect = async () => withBuildSecrets(await connectEngine({ signal }), secrets);
  const built = await buildFolder(
    connect,
    { root, manifest, manifestFile: file, secretKeys: keys },
    {
      ...checkAndProbe(signal),
      ...wanted,
      cachePlaces: await cachePlaces(context, options, steps.detail),
      onProgress: (event) => showProgress(steps, event),
    },
  );
  if (json !== true) {
    const { showDiagnostics } = await import('./show-diagnostics.ts');
    showDiagnostics(context, built.warnings);
    await showLock(context, built);
  }
  return built;
}

/** What became of the lock, on stderr: a line a package. */
async function showLock({ stderr }: CliContext, { lock }: BuildResult): Promise<void> {
  if (lock === undefined || !lock.written) return;
  const { packageWords } = await import('../builder/diff/diff-words.ts');
  stderr.write(`nstack.lock is written${lock.changes.length === 0 ? '' : ':'}\n`);
  for (const change of lock.changes) stderr.write(`  ${packageWords(change)}\n`);
}
