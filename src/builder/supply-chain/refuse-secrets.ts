import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { NstackError } from '../../core/index.ts';
import { labels } from '../../registry/index.ts';
import type { FoundSecret, SecretSearch } from './find-secrets.ts';

/** An image that is about to leave this machine. */
export interface OutgoingImage {
  readonly name: string;
  readonly version: string;
  /** The exact text of the config: labels, variables, history. */
  readonly config: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Fails with `secret-exposed` where a secret is in the image's config. */
export function refuseSecretsInConfig(image: OutgoingImage, search: SecretSearch): void {
  const secret = search.inText(image.config);
  if (secret !== undefined) throw exposed(image, secret, 'its config: a label or a variable');
}

/** The same for one layer, read from its compressed form. */
export async function refuseSecretsInLayer(
  image: OutgoingImage,
  layer: { readonly diffId: string; readonly packed: Readable },
  search: SecretSearch,
): Promise<void> {
  const { diffId, packed } = layer;
  if (search.empty) {
    packed.destroy();
    return;
  }
  const tar = createGunzip();
  packed.on('error', (error) => tar.destroy(error));
  let found: FoundSecret | undefined;
  try {
    found = await search.inLayer(packed.pipe(tar));
  } finally {
    packed.destroy();
  }
  if (found === undefined) return;
  const name = layerName(image, diffId);
  const shown = name === undefined ? diffId : `${name} (${diffId})`;
  throw exposed(image, found.secret, `${found.path}, in the layer ${shown}`);
}

function exposed({ name, version }: OutgoingImage, secret: string, where: string): NstackError {
  return new NstackError(
    'secret-exposed',
    `the image of ${name} ${version} holds the secret ${secret} and is not sent: it is in ${where}`,
    {
      hint: 'see to it that the build leaves it nowhere (a build secret is in /run/secrets for the step alone), build again, and change the secret where the image has been elsewhere',
    },
  );
}

function layerName({ labels: stated }: OutgoingImage, diffId: string): string | undefined {
  try {
    const layers: readonly { readonly name?: string; readonly diffId?: string }[] = JSON.parse(
      stated[labels.layers] ?? '[]',
    );
    return layers.find((layer) => layer.diffId === diffId)?.name;
  } catch {
    return undefined;
  }
}
