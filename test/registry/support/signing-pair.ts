import { generateKeyPairSync } from 'node:crypto';
import { readSigningKey, type SigningKey } from '../../../src/registry/signatures/signing-key.ts';

/** A key that signs, and the PEM text of its public one. It has no password, which scrypt would take its time for. */
export async function signingPair(): Promise<{ readonly signer: SigningKey; readonly publicKey: string }> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = await readSigningKey(
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    'plain.pem',
    undefined,
  );
  return { signer, publicKey: signer.publicKey };
}
