import { randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import nacl from 'tweetnacl';

/**
 * The form in which cosign keeps private keys: PEM around JSON, which holds the key in PKCS#8 under NaCl's secretbox with a key that
 * scrypt makes of the password (github.com/secure-systems-lab/go-securesystemslib, package encrypted).
 */
interface Sealed {
  readonly kdf: { readonly name: string; readonly params: ScryptParameters; readonly salt: string };
  readonly cipher: { readonly name: string; readonly nonce: string };
  readonly ciphertext: string;
}

interface ScryptParameters {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

const header = /-----BEGIN ENCRYPTED (?:SIGSTORE|COSIGN) PRIVATE KEY-----([^-]+)-----END/;
const strength: ScryptParameters = { N: 65_536, r: 8, p: 1 };
/** Keeps a file that somebody made up from taking the machine's memory: scrypt takes 128 * N * r bytes. */
const mostMemory = 256 * 1024 * 1024;

export function isEncryptedKey(pem: string): boolean {
  return header.test(pem);
}

/** The key in PKCS#8; undefined where the password does not open it, or where it is none of this form. */
export async function openEncryptedKey(pem: string, password: string): Promise<Buffer | undefined> {
  const sealed = parse(header.exec(pem)?.[1] ?? '');
  if (sealed === undefined) return undefined;
  const { kdf, cipher, ciphertext } = sealed;
  try {
    const key = await derive(password, Buffer.from(kdf.salt, 'base64'), kdf.params);
    const nonce = Buffer.from(cipher.nonce, 'base64');
    const opened = nacl.secretbox.open(Buffer.from(ciphertext, 'base64'), nonce, key);
    return opened === null ? undefined : Buffer.from(opened);
  } catch {
    return undefined;
  }
}

/** The PEM text of a key in PKCS#8 under a password, which may be empty. */
export async function sealKey(der: Uint8Array, password: string): Promise<string> {
  const [salt, nonce] = [randomBytes(32), randomBytes(nacl.secretbox.nonceLength)];
  const box = nacl.secretbox(der, nonce, await derive(password, salt, strength));
  const sealed: Sealed = {
    kdf: { name: 'scrypt', params: strength, salt: salt.toString('base64') },
    cipher: { name: 'nacl/secretbox', nonce: nonce.toString('base64') },
    ciphertext: Buffer.from(box).toString('base64'),
  };
  const lines =
    Buffer.from(JSON.stringify(sealed))
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  const name = 'ENCRYPTED SIGSTORE PRIVATE KEY';
  return [`-----BEGIN ${name}-----`, ...lines, `-----END ${name}-----`, ''].join('\n');
}

async function derive(
  password: string,
  salt: Uint8Array,
  { N, r, p }: ScryptParameters,
): Promise<Uint8Array> {
  const key = await promisify<string, Uint8Array, number, object, Buffer>(scrypt)(password, salt, 32, {
    N,
    r,
    p,
    maxmem: mostMemory,
  });
  return new Uint8Array(key);
}

function parse(body: string): Sealed | undefined {
  try {
    const sealed: Partial<Sealed> = JSON.parse(Buffer.from(body, 'base64').toString('utf8'));
    const isKnown = sealed.kdf?.name === 'scrypt' && sealed.cipher?.name === 'nacl/secretbox';
    return isKnown && typeof sealed.ciphertext === 'string' ? (sealed as Sealed) : undefined;
  } catch {
    return undefined;
  }
}
