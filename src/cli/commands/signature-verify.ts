import type { CliCommand } from '../command.ts';

export const signatureVerify: CliCommand = {
  usage: 'signature verify <service>',
  summary: 'check who has signed a service that is here',
  options: [
    { flags: '--key <file...>', description: 'a public key that must have signed it; may be repeated' },
    { flags: '--json', description: 'print the result as JSON' },
  ],
  examples: ['nstack signature verify ClickAnalytics:1.2.0 --key=nstack.pub'],
  async run(context, [name = ''], options) {
    const [{ resolve }, { NstackError }, { connectEngine }, registry] = await Promise.all([
      import('node:path'),
      import('../../core/index.ts'),
      import('../../engine/index.ts'),
      import('../../registry/index.ts'),
    ]);
    const { cwd, env, signal, stdout, stderr } = context;
    const files = Array.isArray(options.key) ? options.key : [];
    if (files.length === 0)
      throw new NstackError('usage', 'no public key is named', {
        hint: `nstack signature verify ${name} --key=nstack.pub`,
      });
    const keys = await Promise.all(files.map((file) => registry.readPublicKey(resolve(cwd, file), file)));
    const service = await registry.findService(await connectEngine({ signal }), name);
    const evidence = await registry.readEvidence(registry.evidenceFolder(env), service.imageId);
    const found = registry.signedBy(service.imageId, evidence, keys);
    const missing = keys.filter((key) => !found.includes(key));
    const shown = `${service.name}:${service.version}`;
    if (options.json === true) {
      const result = {
        service: service.name,
        version: service.version,
        imageId: service.imageId,
        signed: missing.length === 0,
        keys: keys.map((key) => ({
          file: key.file,
          fingerprint: key.fingerprint,
          signed: found.includes(key),
        })),
      };
      stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    }
    if (missing.length > 0)
      throw new NstackError(
        'signature-invalid',
        `${shown} has no signature of ${missing.map(({ file }) => file).join(', ')} here`,
        {
          hint: `pull it anew with its signatures (nstack pull), or sign it: nstack signature sign ${shown} --key=KEYFILE`,
        },
      );
    if (options.json !== true)
      stderr.write(`${shown} is signed by ${files.join(', ')}: ${service.imageId}\n`);
    return 0;
  },
};
