import type { CliCommand } from '../command.ts';
import { namedRegistry, registryOption } from '../registry-option.ts';

export const pull: CliCommand = {
  usage: 'pull <service>',
  summary: 'bring a service from a registry to this machine, with what docker login keeps',
  options: [
    registryOption,
    { flags: '--json', description: 'print the result as JSON on stdout, and no progress' },
  ],
  examples: [
    'nstack pull ClickAnalytics --registry=registry.example.com/team',
    'nstack pull ClickAnalytics:1.2 --registry=localhost:5000',
    'nstack pull registry.example.com/team/ClickAnalytics:1.2.0 --json',
  ],
  async run(context, [text = ''], options) {
    const [
      { keepPublishedSignatures, parseReferenceAt, parseRegistryPlace },
      { connectEngine },
      { pullService },
      { createSteps },
      { showProgress },
    ] = await Promise.all([
      import('../../registry/index.ts'),
      import('../../engine/index.ts'),
      import('../../builder/index.ts'),
      import('../steps.ts'),
      import('../show-progress.ts'),
    ]);
    const { signal, stdout, stderr, env } = context;
    const registry = namedRegistry(context, options);
    const reference = parseReferenceAt(
      text,
      registry === undefined ? undefined : parseRegistryPlace(registry),
    );
    const steps = createSteps(context, { quiet: options.json === true });
    const { service, image, imageId, pulled } = await pullService(
      await connectEngine({ signal }),
      reference,
      {
        signal,
        env,
        verify: async (image) => void (await keepPublishedSignatures(image, env)),
        onProgress: (event) => showProgress(steps, event),
      },
    );
    const { name, version, reference: from, digest } = service;
    if (options.json === true)
      stdout.write(
        `${JSON.stringify({ name, version, image, imageId, from, digest, pulled }, undefined, 2)}\n`,
      );
    else stderr.write(`${name} ${version} ${pulled ? 'is here now' : 'was here already'}, from ${from}\n`);
    return 0;
  },
};
