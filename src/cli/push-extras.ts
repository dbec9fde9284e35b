import packageJson from '../../package.json' with { type: 'json' };
import {
  type Attestation,
  attestations,
  cacheFolder,
  imageFacts,
  type PushOptions,
  secretSearch,
  shortestSecret,
} from '../builder/index.ts';
import { connectEngine } from '../engine/index.ts';
import { signPublished } from '../registry/index.ts';
import type { CliContext, CliOptions } from './command.ts';
import { secretsAtPush } from './secrets-at-push.ts';
import { secretsGiven } from './secrets-given.ts';
import { signingKeyOf } from './signing-key.ts';

/** What a push does beside sending the image, as its flags want it: secrets are looked for, documents attached, and the image signed. */
export async function pushExtras(
  context: CliContext,
  { attest, sign, secret }: CliOptions,
): Promise<{
  readonly options: Pick<PushOptions, 'artifacts' | 'sign' | 'secrets'>;
  /** Whether the push has signed something. */
  signed(): boolean;
}> {
  const { signal, env, stderr } = context;
  // Before anything is sent: a key that cannot be read would leave an image without a signature.
  const key = typeof sign === 'string' ? await signingKeyOf(context, sign) : undefined;
  const given = await secretsGiven(context, secret);
  let documents: readonly Attestation[] = [];
  let signed = false;
  const options: Pick<PushOptions, 'artifacts' | 'sign' | 'secrets'> = {
    async secrets({ manifest }) {
      const { values, unknown } = await secretsAtPush(context, manifest, given);
      if (unknown.length > 0)
        stderr.write(
          `the value of ${unknown.join(', ')} is not known here and is not looked for in the image: --secret tells where it is\n`,
        );
      const short = secretSearch(values).tooShort;
      if (short.length > 0)
        stderr.write(
          `${short.join(', ')} has fewer than ${shortestSecret} bytes and is not looked for in the image: it would be found by chance\n`,
        );
      return values;
    },
    ...(attest === false
      ? {}
      : {
          async artifacts({ service, registry, repository, descriptor }) {
            documents = await attestations({
              facts: imageFacts(service),
              repository: `${registry.host}/${repository}`,
              digest: descriptor.digest,
              origin: service.origin,
              nstackVersion: packageJson.version,
              env,
              cacheFolder: await cacheFolder(env),
              connect: () => connectEngine({ signal }),
              signal,
            });
            return documents.map(({ artifact }) => artifact);
          },
        }),
    ...(key === undefined
      ? {}
      : {
          async sign(image) {
            signed = await signPublished(image, key, documents, env);
          },
        }),
  };
  return { options, signed: () => signed };
}
