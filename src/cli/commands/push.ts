import type { CliCommand } from '../command.ts';
import { neededRegistry, registryOption } from '../registry-option.ts';
import { secretOption } from '../secrets-given.ts';

export const push: CliCommand = {
  usage: 'push [folder]',
  summary: 'push a built service to a registry, with what docker login keeps',
  options: [
    registryOption,
    {
      flags: '--service <name>',
      description: 'push this built service instead of the one in the folder: Name or Name:1.2.0',
    },
    {
      flags: '--allow-breaking',
      description:
        'push what breaks users of the version before it, though the version number promises not to',
    },
    { flags: '--no-attest', description: 'attach neither a bill of materials nor a provenance' },
    {
      flags: '--sign <key>',
      description: 'sign the image with this key file; its password is in COSIGN_PASSWORD',
    },
    secretOption,
    { flags: '--json', description: 'print the result as JSON on stdout, and no progress' },
  ],
  examples: [
    'nstack push --registry=registry.example.com/team',
    'nstack push services/click --registry=localhost:5000 --json',
    'nstack push --registry=registry.example.com/team --sign=nstack.key',
    'nstack push --service=ClickAnalytics:1.2.0 --registry=localhost:5000',
  ],
  async run(context, [folder = '.'], options) {
    const [
      { resolve },
      { readManifest },
      { connectEngine },
      { pushService },
      { createSteps },
      { showProgress },
      { pushGate },
      { pushExtras },
    ] = await Promise.all([
      import('node:path'),
      import('../../manifest/index.ts'),
      import('../../engine/index.ts'),
      import('../../builder/index.ts'),
      import('../steps.ts'),
      import('../show-progress.ts'),
      import('../push-gate.ts'),
      import('../push-extras.ts'),
    ]);
    const { signal, stdout, stderr, env } = context;
    const target = neededRegistry(context, options, 'nstack push --registry=registry.example.com/team');
    const named =
      typeof options.service === 'string' ? options.service : await nameOf(resolve(context.cwd, folder));
    const extras = await pushExtras(context, options);
    const steps = createSteps(context, { quiet: options.json === true });
    const { service, reference, digest, pushed, attached } = await pushService(
      () => connectEngine({ signal }),
      named,
      target,
      {
        signal,
        env,
        onProgress: (event) => showProgress(steps, event),
        ...extras.options,
        accept: pushGate(context, { allowBreaking: options.allowBreaking === true }),
      },
    );
    const { name, version } = service;
    const result = { name, version, reference, digest, pushed, attached, signed: extras.signed() };
    context.report?.tell({ event: 'result', result });
    if (options.json === true) stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    else stderr.write(`${reference} ${pushed ? 'is pushed' : 'was there already'}: ${digest}\n`);
    return 0;

    async function nameOf(root: string): Promise<string> {
      const { manifest } = await readManifest(root);
      return `${manifest.name}:${manifest.version}`;
    }
  },
};
