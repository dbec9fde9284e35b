import type { CliCommand, CliContext } from '../command.ts';

export const sbom: CliCommand = {
  usage: 'sbom [service]',
  summary: 'print what the image of a service is made of: a bill of materials in CycloneDX',
  options: [
    {
      flags: '--registry <registry>',
      description: 'print the one that is attached to the image in this registry',
    },
  ],
  examples: [
    'nstack sbom',
    'nstack sbom ClickAnalytics:1.2.0',
    'nstack sbom registry.example.com/team/ClickAnalytics:1.2',
  ],
  async run(context, [name], options) {
    const { cwd, stdout } = context;
    const [{ parsePublishedReference, parseReferenceAt, parseRegistryPlace }, { readManifest }] =
      await Promise.all([import('../../registry/index.ts'), import('../../manifest/index.ts')]);
    const nameHere = async () => {
      const { manifest } = await readManifest(cwd);
      return `${manifest.name}:${manifest.version}`;
    };
    const service = name ?? (await nameHere());
    const place = typeof options.registry === 'string' ? parseRegistryPlace(options.registry) : undefined;
    const isPublished = place !== undefined || parsePublishedReference(service) !== undefined;
    const bill = isPublished
      ? await attachedBill(context, parseReferenceAt(service, place))
      : await ownBill(context, service);
    stdout.write(`${JSON.stringify(JSON.parse(bill), undefined, 2)}\n`);
    return 0;
  },
};

async function ownBill({ signal }: CliContext, name: string): Promise<string> {
  const [{ connectEngine }, { findService }, builder] = await Promise.all([
    import('../../engine/index.ts'),
    import('../../registry/index.ts'),
    import('../../builder/index.ts'),
  ]);
  const engine = await connectEngine({ signal });
  const { imageId, image } = await findService(engine, name);
  const found = await engine.inspectImage(image);
  const facts = builder.imageFacts({ imageId, labels: found?.labels ?? {}, created: found?.created ?? '' });
  const cacheFolder = await builder.cacheFolder();
  const base = await builder.basePackages({ facts, cacheFolder, connect: async () => engine, signal });
  return builder.billOfMaterials(facts, base);
}

async function attachedBill(
  { signal, env }: CliContext,
  {
    host,
    repository,
    version,
  }: { readonly host: string; readonly repository: string; readonly version: string | undefined },
): Promise<string> {
  const [{ text }, { NstackError }, registryWords, { billType }] = await Promise.all([
    import('node:stream/consumers'),
    import('../../core/index.ts'),
    import('../../registry/index.ts'),
    import('../../builder/index.ts'),
  ]);
  const registry = registryWords.connectRegistry(host, { signal, env });
  const tag = await registryWords.fullVersion(registry, repository, version);
  const image = await registryWords.readImage(registry, repository, tag);
  const [attached] =
    image === undefined ? [] : await registry.referrers(repository, image.descriptor.digest, billType);
  const document =
    attached === undefined ? undefined : await registryWords.readImage(registry, repository, attached.digest);
  const layer = document?.layers[0];
  if (layer === undefined)
    throw new NstackError(
      'service-unknown',
      `${host}/${repository}:${tag} has no bill of materials attached`,
      {
        hint: 'push it again without --no-attest',
      },
    );
  return text(await registry.blob(repository, layer));
}
