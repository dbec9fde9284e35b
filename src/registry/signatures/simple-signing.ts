import type { SigningKey } from './signing-key.ts';

/** A signature as cosign keeps it: over a payload that names what is signed. */
export interface ImageSignature {
  /** The bytes that are signed. */
  readonly payload: Buffer;
  readonly signature: Buffer;
}

const type = 'cosign container image signature';

/** Signs the digest of a manifest in the form "simple signing". `repository` says where it was, for people: nothing is decided by it. */
export function signDigest(key: SigningKey, digest: string, repository: string): ImageSignature {
  const payload = Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': repository },
        image: { 'docker-manifest-digest': digest },
        type,
      },
      optional: null,
    }),
  );
  return { payload, signature: key.sign(payload) };
}

/** The digest that a payload is about; undefined where it is no payload of this kind. */
export function signedDigest(payload: Uint8Array): string | undefined {
  try {
    const { critical } = JSON.parse(Buffer.from(payload).toString('utf8'));
    const digest: unknown = critical?.image?.['docker-manifest-digest'];
    return critical?.type === type && typeof digest === 'string' ? digest : undefined;
  } catch {
    return undefined;
  }
}
