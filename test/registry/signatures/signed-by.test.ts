import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openStatement, signStatement } from '../../../src/registry/signatures/dsse.ts';
import { type PublicKey, publicKey } from '../../../src/registry/signatures/public-key.ts';
import { signedBy } from '../../../src/registry/signatures/signed-by.ts';
import type { SigningKey } from '../../../src/registry/signatures/signing-key.ts';
import { signDigest } from '../../../src/registry/signatures/simple-signing.ts';
import { signingPair } from '../support/signing-pair.ts';

const imageId = `sha256:${'1'.repeat(64)}`;
const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, config: { digest: imageId }, layers: [] }));
const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;

async function makePair(): Promise<{ readonly signer: SigningKey; readonly key: PublicKey }> {
  const made = await signingPair();
  return { signer: made.signer, key: publicKey(made.publicKey, 'nstack.pub') };
}

const pairs = [makePair(), makePair()] as const;

describe('an image is signed by a key', () => {
  it('that signed a manifest whose config it is', async () => {
    const [one, other] = await Promise.all(pairs);
    const evidence = [{ manifest, signatures: [signDigest(one.signer, digest, 'registry.example.com/a')] }];
    expect(signedBy(imageId, evidence, [one.key, other.key])).toEqual([one.key]);
  });

  it('that signed its own id', async () => {
    const { signer, key } = await pairs[0];
    const evidence = [{ manifest: undefined, signatures: [signDigest(signer, imageId, 'a')] }];
    expect(signedBy(imageId, evidence, [key])).toEqual([key]);
  });

  it('only where the manifest has this image as its config', async () => {
    const { signer, key } = await pairs[0];
    const evidence = [{ manifest, signatures: [signDigest(signer, digest, 'a')] }];
    expect(signedBy(`sha256:${'2'.repeat(64)}`, evidence, [key])).toEqual([]);
  });

  it('only where the signed digest is that of the manifest, bit by bit', async () => {
    const { signer, key } = await pairs[0];
    const changed = Buffer.from(manifest.toString().replace('"layers":[]', '"layers":[1]'));
    const evidence = [{ manifest: changed, signatures: [signDigest(signer, digest, 'a')] }];
    expect(signedBy(imageId, evidence, [key])).toEqual([]);
  });

  it('only where the payload is what was signed', async () => {
    const { signer, key } = await pairs[0];
    const { signature } = signDigest(signer, `sha256:${'3'.repeat(64)}`, 'a');
    const { payload } = signDigest(signer, digest, 'a');
    expect(signedBy(imageId, [{ manifest, signatures: [{ payload, signature }] }], [key])).toEqual([]);
  });

  it('never by what is no payload of a signature', async () => {
    const { signer, key } = await pairs[0];
    const payload = Buffer.from(JSON.stringify({ digest: imageId }));
    const signatures = [{ payload, signature: signer.sign(payload) }];
    expect(signedBy(imageId, [{ manifest: undefined, signatures }], [key])).toEqual([]);
  });
});

describe('a signed statement', () => {
  it('opens with the key that signed it, and with no other', async () => {
    const [one, other] = await Promise.all(pairs);
    const envelope = signStatement(one.signer, Buffer.from('{"_type":"x"}'));
    expect(openStatement(one.key, envelope)?.toString()).toBe('{"_type":"x"}');
    expect(openStatement(other.key, envelope)).toBeUndefined();
    const forged = Buffer.from(
      envelope.toString().replace('application/vnd.in-toto+json', 'application/vnd.in-toto+jsom'),
    );
    expect(openStatement(one.key, forged)).toBeUndefined();
  });

  // The example of the specification (DSSE 1.0): what is signed for payload "hello world" of type "http://example.com/HelloWorld".
  it('signs type and payload with their lengths', () => {
    const seen: Buffer[] = [];
    signStatement(
      { publicKey: '', sign: (bytes) => Buffer.from(seen.push(Buffer.from(bytes)) ? 's' : '') },
      Buffer.from('hello world'),
    );
    expect(seen[0]?.toString()).toBe('DSSEv1 28 application/vnd.in-toto+json 11 hello world');
  });
});
