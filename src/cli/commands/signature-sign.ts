import type { CliCommand } from '../command.ts';

export const signatureSign: CliCommand = {
  usage: 'signature sign <service>',
  summary: 'sign a service that is built here, for the policy of this machine',
  options: [{ flags: '--key <file>', description: 'the private key; its password is in COSIGN_PASSWORD' }],
  examples: ['nstack signature sign ClickAnalytics:1.2.0 --key=nstack.key'],
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
    const service = await registry.findService(await connectEngine({ signal }), name);
    const { imageId, image } = service;
    const signatures = [registry.signDigest(key, imageId, image)];
    await registry.keepEvidence(registry.evidenceFolder(env), imageId, { manifest: undefined, signatures });
    stderr.write(`${service.name}:${service.version} is signed for this machine: ${imageId}\n`);
    return 0;
  },
};
