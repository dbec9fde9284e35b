import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { NstackError } from '../../core/index.ts';

/** A public key that signatures are checked with. */
export interface PublicKey {
  /** The file that it is from, as the user would type it. */
  readonly file: string;
  /** First 16 hexadecimal digits of the SHA-256 of the key's DER: enough to tell keys apart. */
  readonly fingerprint: string;
  verifies(bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** A public key file: `cosign.pub`, or any PEM of an ECDSA key on P-256. Fails with `key-invalid`. */
export async function readPublicKey(path: string, shown: string = path): Promise<PublicKey> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new NstackError('key-invalid', `the public key ${shown} cannot be read`, {
      cause,
      hint: '`nstack signature keys` makes a pair: nstack.key and nstack.pub',
    });
  });
  return publicKey(text, shown);
}

/** As {@link readPublicKey}, of the text itself. */
export function publicKey(text: string, file: string): PublicKey {
  const key = parse(text, file);
  const der = key.export({ type: 'spki', format: 'der' });
  return {
    file,
    fingerprint: createHash('sha256').update(der).digest('hex').slice(0, 16),
    verifies: (bytes, signature) => verify('sha256', bytes, key, signature),
  };
}

function parse(text: string, file: string): KeyObject {
  // createPublicKey takes a private key too, which has no business where public keys are kept.
  if (!/-----BEGIN PUBLIC KEY-----/.test(text) || /PRIVATE KEY/.test(text))
    throw new NstackError('key-invalid', `${file} holds no public key in PEM`, {
      hint: 'It begins with -----BEGIN PUBLIC KEY-----.',
    });
  let key: KeyObject;
  try {
    key = createPublicKey(text);
  } catch (cause) {
    throw new NstackError('key-invalid', `${file} holds no public key that can be read`, { cause });
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new NstackError('key-invalid', `${file} holds a key of another kind than ECDSA on P-256`);
  return key;
}
