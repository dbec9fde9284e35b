import type { Evidence, PublishedReference } from '../../registry/index.ts';
import type { CliCommand, CliContext } from '../command.ts';

export const signatureVerify: CliCommand = {
  usage: 'signature verify <service>',
  summary: 'check who has signed a service that is here, or in a registry',
  options: [
    { flags: '--key <file...>', description: 'a public key that must have signed it; may be repeated' },
    { flags: '--json', description: 'print the result as JSON' },
  ],
  examples: [
    'nstack signature verify registry.example.com/team/ClickAnalytics:1.2.0 --key=nstack.pub',
    'nstack signature verify ClickAnalytics:1.2.0 --key=nstack.pub',
  ],
  async run(context, [name = ''], options) {
    const [{ resolve }, { NstackError }, registry] = await Promise.all([
      import('node:path'),
      import('../../core/index.ts'),
      import('../../registry/index.ts'),
    ]);
    const { cwd, stdout, stderr } = context;
    const files = Array.isArray(options.key) ? options.key : [];
    if (files.length === 0)
      throw new NstackError('usage', 'no public key is named', {
        hint: `nstack signature verify ${name} --key=nstack.pub`,
      });
    const keys = await Promise.all(files.map((file) => registry.readPublicKey(resolve(cwd, file), file)));
    const published = registry.parsePublishedReference(name);
    const { shown, imageId, evidence } =
      published === undefined ? await here(context, name) : await inRegistry(context, published);
    const found = registry.signedBy(imageId, evidence, keys);
    const missing = keys.filter((key) => !found.includes(key));
    if (options.json === true) {
      const result = {
        image: shown,
        imageId,
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
          hint: `sign it: nstack signature sign ${shown} --key=KEYFILE; or, where its registry has the signature, pull it anew`,
        },
      );
    if (options.json !== true) stderr.write(`${shown} is signed by ${files.join(', ')}: ${imageId}\n`);
    return 0;
  },
};

interface Signed {
  readonly shown: string;
  readonly imageId: string;
  readonly evidence: readonly Evidence[];
}

/** By what this machine has kept. */
async function here({ env, signal }: CliContext, reference: string): Promise<Signed> {
  const [{ connectEngine }, registry] = await Promise.all([
    import('../../engine/index.ts'),
    import('../../registry/index.ts'),
  ]);
  const { name, version, imageId } = await registry.findService(await connectEngine({ signal }), reference);
  const evidence = await registry.readEvidence(registry.evidenceFolder(env), imageId);
  return { shown: `${name}:${version}`, imageId, evidence };
}

async function inRegistry(context: CliContext, reference: PublishedReference): Promise<Signed> {
  const [{ publishedImage }, registry] = await Promise.all([
    import('../published-image.ts'),
    import('../../registry/index.ts'),
  ]);
  const image = await publishedImage(context, reference);
  const signatures = await registry.readSignatures(image.registry, image.repository, image.descriptor.digest);
  const evidence = [{ manifest: Buffer.from(image.manifest), signatures }];
  return { shown: image.reference, imageId: image.imageId, evidence };
}
