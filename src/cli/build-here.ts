import type { BuildResult, BuildServiceOptions } from '../builder/index.ts';
import { cachePlaces } from './cache-places.ts';
import type { CliContext, CliOptions } from './command.ts';

/** Builds the service in a folder as `build` and `upgrade` do, and shows its progress and findings. `readSince`: since when its files are read, milliseconds since 1970. */
export async function buildHere(
  context: CliContext,
  root: string,
  options: CliOptions,
  wanted: Pick<BuildServiceOptions, 'explain' | 'force' | 'frozen' | 'upgrade' | 'warm'> & {
    readonly readSince: number;
  },
): Promise<BuildResult> {
  const [
    { readManifest },
    { buildFolder },
    { cacheFolder },
    { secretKeys, withBuildSecrets },
    { buildSecretsOf },
    { createSteps },
    { showProgress },
    { checkAndProbe },
  ] = await Promise.all([
    import('../manifest/index.ts'),
    // Not the whole of the builder: what pushes and compares takes longer to load than a build to begin.
    import('../builder/build.ts'),
    import('../builder/cache-folder.ts'),
    import('../builder/secrets/index.ts'),
    import('./build-secrets.ts'),
    import('./steps.ts'),
    import('./show-progress.ts'),
    import('./check-and-probe.ts'),
  ]);
  const { json, secret } = options;
  const { signal } = context;
  const { manifest, file } = await readManifest(root);
  const secrets = await buildSecretsOf(context, manifest, secret);
  const keys = await secretKeys(secrets, await cacheFolder());
  const steps = createSteps(context, { quiet: json === true });
  const connect = async () => {
    const { connectEngine } = await import('../engine/index.ts');
    return withBuildSecrets(await connectEngine({ signal }), secrets);
  };
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
