import type { CliCommand } from '../command.ts';

export const list: CliCommand = {
  usage: 'list',
  summary: 'list the services that are built here',
  options: [{ flags: '--json', description: 'print them as JSON' }],
  examples: ['nstack list', 'nstack list --json'],
  async run(context, _args, options) {
    const [{ connectEngine }, { listServices }, { printApi }] = await Promise.all([
      import('../../engine/index.ts'),
      import('../../registry/index.ts'),
      import('../../types/index.ts'),
    ]);
    const services = await listServices(await connectEngine({ signal: context.signal }));
    if (options.json === true) {
      const rows = services.map(({ name, version, image, built, size, manifest }) => ({
        name,
        version,
        stack: manifest.stack.language,
        api: printApi(manifest.api),
        image,
        built,
        size,
      }));
      context.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
    } else if (services.length === 0) {
      context.stderr.write('no services yet: `nstack init NAME` makes one, `nstack build` builds it\n');
    } else {
      const { table } = await import('../table.ts');
      const rows = services.map(({ name, version, manifest, built }) => [
        name,
        version,
        manifest.stack.language,
        manifest.api.functions.map((fn) => fn.name).join(', '),
        commitTime(built),
      ]);
      context.stdout.write(table(['NAME', 'VERSION', 'STACK', 'FUNCTIONS', 'COMMITTED'], rows));
    }
    return 0;
  },
};

/** The commit that an image is of, to the minute; images of folders outside a repository carry a constant of 1980. */
function commitTime(built: string): string {
  return built.startsWith('1980-01-01') ? '-' : built.slice(0, 16).replace('T', ' ');
}
