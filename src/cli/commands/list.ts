import type { CliCommand, CliContext } from '../command.ts';
import { namedRegistry, registryOption } from '../registry-option.ts';

export const list: CliCommand = {
  usage: 'list',
  summary: 'list the services that are built here, or those of a registry',
  options: [
    {
      ...registryOption,
      description: 'list what is there instead: host of the registry, and a path where it has one',
    },
    { flags: '--json', description: 'print them as JSON' },
  ],
  examples: ['nstack list', 'nstack list --json', 'nstack list --registry=registry.example.com/team'],
  async run(context, _args, options) {
    const registry = options.registry === undefined ? undefined : namedRegistry(context, options);
    const rows = await (registry === undefined ? builtHere(context) : inRegistry(context, registry));
    if (options.json === true) {
      const shown = rows.map(({ functions: _, ...row }) => row);
      context.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
    } else if (rows.length === 0) {
      const way =
        registry === undefined
          ? '`nstack init NAME` makes one, `nstack build` builds it'
          : '`nstack push` brings one there';
      context.stderr.write(`no services yet: ${way}\n`);
    } else {
      const { table } = await import('../table.ts');
      const lines = rows.map(({ name, version, stack, functions, built }) => [
        name,
        version,
        stack,
        functions.join(', '),
        commitTime(built),
      ]);
      context.stdout.write(table(['NAME', 'VERSION', 'STACK', 'FUNCTIONS', 'COMMITTED'], lines));
    }
    return 0;
  },
};

interface Row {
  readonly name: string;
  readonly version: string;
  readonly stack: string;
  readonly api: string;
  readonly functions: readonly string[];
  readonly image: string;
  readonly built: string;
  readonly size: number;
}

async function builtHere({ signal }: CliContext): Promise<readonly Row[]> {
  const [{ connectEngine }, { listServices }, { printApi }] = await Promise.all([
    import('../../engine/index.ts'),
    import('../../registry/index.ts'),
    import('../../types/index.ts'),
  ]);
  const services = await listServices(await connectEngine({ signal }));
  return services.map(({ name, version, image, built, size, manifest }) => ({
    name,
    version,
    stack: manifest.stack.language,
    api: printApi(manifest.api),
    functions: manifest.api.functions.map((fn) => fn.name),
    image,
    built,
    size,
  }));
}

async function inRegistry({ signal, env, stderr }: CliContext, text: string): Promise<readonly Row[]> {
  const { connectRegistry, listPublished, parseRegistryPlace } = await import('../../registry/index.ts');
  const { host, path } = parseRegistryPlace(text);
  const entries = await listPublished(connectRegistry(host, { signal, env }), path.join('/'), (warning) =>
    stderr.write(`warning: ${warning}\n`),
  );
  return entries.map(({ reference: image, ...entry }) => ({ ...entry, image }));
}

/** The commit that an image is of, to the minute; images of folders outside a repository carry a constant of 1980. */
function commitTime(built: string): string {
  return built === '' || built.startsWith('1980-01-01') ? '-' : built.slice(0, 16).replace('T', ' ');
}
