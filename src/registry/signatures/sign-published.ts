import type { Descriptor, OciRegistry } from '../oci/oci-registry.ts';
import { signStatement } from './dsse.ts';
import { type Evidence, evidenceFolder, keepEvidence } from './evidence.ts';
import { publicKey } from './public-key.ts';
import { addAttestation, addSignature, readSignatures } from './registry-signatures.ts';
import type { SigningKey } from './signing-key.ts';
import { signDigest, signedDigest } from './simple-signing.ts';

/** An image in a registry. */
export interface SignedImage {
  readonly registry: OciRegistry;
  readonly repository: string;
  readonly descriptor: Descriptor;
  /** The manifest's exact bytes. */
  readonly manifest: Uint8Array;
  /** Digest of the config. */
  readonly imageId: string;
}

/** A statement about the image that is signed with it. */
export interface SignedStatement {
  readonly predicateType: string;
  readonly statement: Uint8Array;
}

/**
 * Signs an image where it is, and statements about it, as `cosign sign` and `cosign attest` do; what the key has signed already stays. What proves the signature is kept for this
 * machine too. Answers whether anything was signed. Fails with `permission`, `registry-unavailable` or `file-unwritable`.
 */
export async function signPublished(
  image: SignedImage,
  key: SigningKey,
  statements: readonly SignedStatement[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const { registry, repository, descriptor, imageId } = image;
  const { digest } = descriptor;
  const judge = publicKey(key.publicKey, 'the signing key');
  const there = await readSignatures(registry, repository, digest);
  const known = there.some(
    ({ payload, signature }) => signedDigest(payload) === digest && judge.verifies(payload, signature),
  );
  const own = known ? [] : [signDigest(key, digest, `${registry.host}/${repository}`)];
  if (!known) {
    // The signature comes last: what it stands for is whole then.
    for (const { predicateType, statement } of statements)
      await addAttestation(registry, repository, digest, {
        envelope: signStatement(key, statement),
        predicateType,
      });
    for (const signature of own) await addSignature(registry, repository, digest, signature);
  }
  const manifest = Buffer.from(image.manifest);
  await keepEvidence(evidenceFolder(env), imageId, { manifest, signatures: [...there, ...own] });
  return !known;
}

/** The signatures of an image as its registry has them, kept for this machine, so that a policy can be checked offline. */
export async function keepPublishedSignatures(
  { registry, repository, descriptor, manifest, imageId }: SignedImage,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Evidence> {
  const signatures = await readSignatures(registry, repository, descriptor.digest);
  const evidence = { manifest: Buffer.from(manifest), signatures };
  if (signatures.length > 0) await keepEvidence(evidenceFolder(env), imageId, evidence);
  return evidence;
}
