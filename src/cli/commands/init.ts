import type { CliCommand } from '../command.ts';

export const init: CliCommand = {
  usage: 'init [folder]',
  summary: 'begin a new service: nstack.yaml and code that builds as it stands',
  options: [
    { flags: '--name <name>', description: 'name of the service (default: that of the folder)' },
    {
      flags: '--stack <language>',
      description: 'language of the code: python, java or haskell',
      default: 'python',
    },
  ],
  examples: ['nstack init ClickAnalytics', 'nstack init services/click --name=ClickAnalytics --stack=java'],
  async run(context, [folder = '.'], options) {
    const [
      { basename, join, relative, resolve },
      { NstackError },
      { initService },
      { stackFor },
      { parseManifest },
    ] = await Promise.all([
      import('node:path'),
      import('../../core/index.ts'),
      import('../../builder/index.ts'),
      import('../../stacks/index.ts'),
      import('../../manifest/index.ts'),
    ]);
    const root = resolve(context.cwd, folder);
    const name = typeof options.name === 'string' ? options.name : basename(root);
    const stack = stackFor(String(options.stack));
    const skeleton = await stack.skeleton(name);
    const manifest = skeleton.find(({ path }) => path === 'nstack.yaml');
    const { diagnostics } = parseManifest(Buffer.from(manifest?.content ?? ''), 'nstack.yaml');
    if (diagnostics.some(({ severity }) => severity === 'error'))
      throw new NstackError('usage', `${JSON.stringify(name)} is no name for a service`, {
        hint: 'give one with --name: letters and digits, such as ClickAnalytics or acme/Demo.NumChars',
      });
    const written = await initService(root, name, stack);
    for (const path of written)
      context.stderr.write(`  wrote ${relative(context.cwd, join(root, path)) || path}\n`);
    const into = root === context.cwd ? '' : ` ${relative(context.cwd, root) || root}`;
    context.stderr.write(`${name} is begun; next: nstack build${into}\n`);
    return 0;
  },
};
