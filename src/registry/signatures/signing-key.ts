import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { NstackError } from '../../core/index.ts';
import { isEncryptedKey, openEncryptedKey, sealKey } from './encrypted-key.ts';

/** What signs: a private key on the curve P-256, and the public half that others check with. */
export interface SigningKey {
  /** As cosign.pub holds it: `-----BEGIN PUBLIC KEY-----`. */
  readonly publicKey: string;
  /** ECDSA over SHA-256, in DER. */
  sign(bytes: Uint8Array): Buffer;
}

/**
 * A signing key from the text of its file: cosign's own encrypted form, or plain PEM (PKCS#8 or SEC 1). `password` is asked for where the key is encrypted alone. Fails with
 * `key-invalid`; `file` names the key in messages.
 */
export async function readSigningKey(
  pem: string,
  file: string,
  password: string | undefined,
): Promise<SigningKey> {
  return signingKey(isEncryptedKey(pem) ? await decrypted(pem, file, password) : plainKey(pem, file), file);
}

/** A new pair of keys, the private one encrypted with the password as `cosign generate-key-pair` does. */
export async function createKeyPair(
  password: string,
): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  return { privateKey: await sealKey(der, password), publicKey: publicText(privateKey) };
}

function signingKey(key: KeyObject, file: string): SigningKey {
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new NstackError('key-invalid', `${file} holds a key of another kind than ECDSA on P-256`, {
      hint: 'Make one with: nstack signature keys',
    });
  return { publicKey: publicText(key), sign: (bytes) => sign('sha256', bytes, key) };
}

async function decrypted(pem: string, file: string, password: string | undefined): Promise<KeyObject> {
  if (password === undefined)
    throw new NstackError('key-invalid', `${file} is encrypted, and no password is given`, {
      hint: 'Set COSIGN_PASSWORD; to the empty text where the key has none.',
    });
  const der = await openEncryptedKey(pem, password);
  if (der === undefined)
    throw new NstackError('key-invalid', `the password does not open ${file}, or the file is damaged`, {
      hint: 'Check COSIGN_PASSWORD.',
    });
  return createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
}

function plainKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new NstackError('key-invalid', `${file} holds no private key in PEM`, {
      cause,
      hint: 'Make one with: nstack signature keys',
    });
  }
}

function publicText(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}
