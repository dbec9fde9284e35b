import type { CliCommand } from '../command.ts';
import { secretOption } from '../secrets-given.ts';

export const eject: CliCommand = {
  usage: 'eject [folder]',
  summary: 'write a Dockerfile and its context that make the same image without nstack',
  options: [
    {
      flags: '--to <dir>',
      description: 'folder to write to (default: "ejected" in the folder of the service)',
    },
    {
      flags: '--force',
      description: 'write though that folder is not empty, and replace what has the same name',
    },
    secretOption,
    { flags: '--json', description: 'print the result as JSON on stdout, and no progress' },
  ],
  examples: [
    'nstack eject',
    'nstack eject services/click --to=/tmp/click-image',
    'nstack eject --secret=INDEX_TOKEN=env:CI_TOKEN',
  ],
  async run(context, [folder = '.'], options) {
    const [
      { join, relative, resolve },
      { readManifest },
      { connectEngine },
      { cacheFolder, ejectService, secretKeys, withBuildSecrets },
      { buildSecretsOf },
      { createSteps },
      { showProgress },
      { checkAndProbe },
    ] = await Promise.all([
      import('node:path'),
      import('../../manifest/index.ts'),
      import('../../engine/index.ts'),
      import('../../builder/index.ts'),
      import('../build-secrets.ts'),
      import('../steps.ts'),
      import('../show-progress.ts'),
      import('../check-and-probe.ts'),
    ]);
    const { cwd, signal, stdout, stderr } = context;
    const root = resolve(cwd, folder);
    const to = typeof options.to === 'string' ? resolve(cwd, options.to) : join(root, 'ejected');
    const { manifest, file } = await readManifest(root);
    const secrets = await buildSecretsOf(context, manifest, options.secret);
    const keys = await secretKeys(secrets, await cacheFolder());
    const engine = withBuildSecrets(await connectEngine({ signal }), secrets);
    const steps = createSteps(context, { quiet: options.json === true });
    const { name, version } = await ejectService(
      engine,
      { root, manifest, manifestFile: file, secretKeys: keys },
      {
        ...checkAndProbe(signal),
        to,
        replace: options.force === true,
        onProgress: (event) => showProgress(steps, event),
      },
    );
    const shown = relative(cwd, to) || '.';
    if (options.json === true)
      stdout.write(`${JSON.stringify({ name, version, folder: to }, undefined, 2)}\n`);
    else
      stderr.write(
        `${name} ${version}: written to ${shown.startsWith('..') ? to : shown}; README.md says how to build it\n`,
      );
    return 0;
  },
};
