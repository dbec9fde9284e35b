import type { CliCommand } from '../command.ts';
import { namedRegistry, registryOption } from '../registry-option.ts';

export const info: CliCommand = {
  usage: 'info <service>',
  summary: 'show what a service is, built here or in a registry: its API, packages, limits and image',
  options: [
    { ...registryOption, description: 'look there instead of here: a registry, and a path where it has one' },
    { flags: '--json', description: 'print it as JSON' },
  ],
  examples: [
    'nstack info Score',
    'nstack info Score:0.1.0 --json',
    'nstack info registry.example.com/team/Score:1.2',
    'nstack info Score --registry=localhost:5000',
  ],
  async run(context, [text = ''], options) {
    const [
      { parsePublishedReference, parseReferenceAt, parseRegistryPlace },
      { printApi },
      { manifestLines },
    ] = await Promise.all([
      import('../../registry/index.ts'),
      import('../../types/index.ts'),
      import('../manifest-lines.ts'),
    ]);
    // The environment's registry is for push and pull: what is asked by its own name is here.
    const registry = options.registry === undefined ? undefined : namedRegistry(context, options);
    const published =
      registry === undefined
        ? parsePublishedReference(text)
        : parseReferenceAt(text, parseRegistryPlace(registry));
    const { lines, ...service } = await (published === undefined ? built(text) : fromRegistry(published));
    const { manifest } = service;
    if (options.json === true) {
      const shown = {
        ...service,
        manifest: { ...manifest, api: printApi(manifest.api), apiText: undefined },
      };
      context.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
    } else context.stdout.write(`${[...manifestLines(manifest), ...lines].join('\n')}\n`);
    return 0;

    async function built(name: string) {
      const [{ connectEngine }, { findService }] = await Promise.all([
        import('../../engine/index.ts'),
        import('../../registry/index.ts'),
      ]);
      const service = await findService(await connectEngine({ signal: context.signal }), name);
      const lines = [
        `image     ${service.image}`,
        `          ${service.imageId}`,
        `committed ${committed(service.built)}`,
        `size      ${Math.round(service.size / 1e6)} MB`,
      ];
      return { ...service, lines };
    }

    async function fromRegistry({ host, repository, version }: NonNullable<typeof published>) {
      const { connectRegistry, fullVersion, publishedService, publishedVersions, unknownService } =
        await import('../../registry/index.ts');
      const there = connectRegistry(host, { signal: context.signal, env: context.env });
      const tag = await fullVersion(there, repository, version);
      const service = await publishedService(there, repository, tag);
      if (service === undefined)
        throw unknownService(host, `${repository}:${tag}`, await publishedVersions(there, repository));
      const { name, manifest, reference, digest, built, size, image } = service;
      const source = image.annotations['org.opencontainers.image.source'];
      const revision = image.annotations['org.opencontainers.image.revision'];
      const lines = [
        `image     ${reference}`,
        `          ${digest}`,
        `committed ${committed(built)}`,
        ...(revision === undefined ? [] : [`source    ${[source, revision].filter(Boolean).join(' at ')}`]),
        `size      ${Math.round(size / 1e6)} MB compressed`,
      ].map(printable);
      const imageId = image.config.digest;
      return {
        name,
        version: service.version,
        image: reference,
        imageId,
        digest,
        manifest,
        built,
        size,
        lines,
      };
    }
  },
};

function committed(built: string): string {
  return built.startsWith('1980-01-01') ? 'outside a repository' : built;
}

/** Whoever pushed the image wrote what it says. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
