import type { CliCommand } from '../command.ts';

export const info: CliCommand = {
  usage: 'info <service>',
  summary: 'show what a built service is: its API, packages, limits and image',
  options: [{ flags: '--json', description: 'print it as JSON' }],
  examples: ['nstack info Score', 'nstack info Score:0.1.0 --json'],
  async run(context, [name = ''], options) {
    const [{ connectEngine }, { findService }, { printApi }] = await Promise.all([
      import('../../engine/index.ts'),
      import('../../registry/index.ts'),
      import('../../types/index.ts'),
    ]);
    const service = await findService(await connectEngine({ signal: context.signal }), name);
    const { manifest } = service;
    if (options.json === true) {
      const shown = {
        ...service,
        manifest: { ...manifest, api: printApi(manifest.api), apiText: undefined },
      };
      context.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
      return 0;
    }
    const { limits } = manifest;
    const packages = manifest.packages.map(({ system, spec }) =>
      system === 'os' ? spec : `${system}:${spec}`,
    );
    const lines = [
      `${service.name} ${service.version} (${manifest.stack.language})`,
      ...(manifest.description === undefined ? [] : [manifest.description]),
      '',
      ...printApi(manifest.api).trimEnd().split('\n'),
      '',
      `packages  ${packages.join(', ') || 'none'}`,
      `network   ${manifest.network}`,
      ...(manifest.secrets.length === 0 ? [] : [`secrets   ${manifest.secrets.join(', ')}`]),
      `limits    memory ${Math.round(limits.memory / 1024 ** 2)} MiB, cpu ${limits.cpu}, pids ${limits.pids}, ${limits.timeout} ms a call`,
      `image     ${service.image}`,
      `          ${service.imageId}`,
      `committed ${service.built.startsWith('1980-01-01') ? 'outside a repository' : service.built}`,
      `size      ${Math.round(service.size / 1e6)} MB`,
    ];
    context.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  },
};
