import { digestOf } from '../../core/index.ts';
import type { Evidence } from './evidence.ts';
import type { PublicKey } from './public-key.ts';
import { signedDigest } from './simple-signing.ts';

/**
 * Those of the keys that have signed the image with this id, each step checked: signature over payload, payload's digest over manifest, the manifest's config over the
 * image's id (which is that config's digest, and holds the digest of every layer).
 */
export function signedBy(
  imageId: string,
  evidence: readonly Evidence[],
  keys: readonly PublicKey[],
): readonly PublicKey[] {
  const signatures = evidence.flatMap((one) => {
    const digests = digestsOf(one.manifest, imageId);
    return one.signatures.filter(({ payload }) => digests.includes(signedDigest(payload) ?? ''));
  });
  return keys.filter((key) => signatures.some(({ payload, signature }) => key.verifies(payload, signature)));
}

/** What names the image in a payload: its own id, and the manifest's digest where that manifest is this image's. */
function digestsOf(manifest: Buffer | undefined, imageId: string): readonly string[] {
  if (manifest === undefined || configDigest(manifest) !== imageId) return [imageId];
  return [imageId, digestOf(manifest)];
}

function configDigest(manifest: Buffer): string | undefined {
  try {
    const { config }: { readonly config?: { readonly digest?: string } } = JSON.parse(
      manifest.toString('utf8'),
    );
    return config?.digest;
  } catch {
    return undefined;
  }
}
