import type { CliCommand } from '../command.ts';

export const signatureSign: CliCommand = {
  usage: 'signature sign <service>',
  summary: 'sign a service in a registry, or one that is built here for the policy of this machine alone',
  options: [{ flags: '--key <file>', description: 'the private key; its password is in COSIGN_PASSWORD' }],
  examples: [
    'nstack signature sign registry.example.com/team/ClickAnalytics:1.2.0 --key=nstack.key',
    'nstack signature sign ClickAnalytics:1.2.0 --key=nstack.key',
  ],
  async run(context, [name = ''], options) {
    const [{ NstackError }, { connectEngine }, registry, { signingKeyOf }] = await Promise.all([
      import('../../core/index.ts'),
      import('../../engine/index.ts'),
      import('../../registry/index.ts'),
      import('../signing-key.ts'),
    ]);
    const { env, signal, stderr } = context;
    if (typeof options.key !== 'string')
      throw new NstackError('usage', 'no key is named', {
        hint: `nstack signature sign ${name} --key=nstack.key`,
      });
    const key = await signingKeyOf(context, options.key);
    const published = registry.parsePublishedReference(name);
    if (published !== undefined) {
      const { publishedImage } = await import('../published-image.ts');
      const image = await publishedImage(context, published);
      const signed = await registry.signPublished(image, key, [], env);
      stderr.write(
        `${image.reference} ${signed ? 'is signed' : 'was signed by this key already'}: ${image.descriptor.digest}\n`,
      );
      return 0;
    }
    const service = await registry.findService(await connectEngine({ signal }), name);
    const { imageId, image } = service;
    const signatures = [registry.signDigest(key, imageId, image)];
    await registry.keepEvidence(registry.evidenceFolder(env), imageId, { manifest: undefined, signatures });
    stderr.write(`${service.name}:${service.version} is signed for this machine: ${imageId}\n`);
    return 0;
  },
};
