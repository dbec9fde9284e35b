import { createHash } from 'node:crypto';

/** Where Debian's ca-certificates-java keeps its certificate authorities, with the password that all the world knows. */
export const javaAuthorities = 'etc/ssl/certs/java/cacerts';
const password = 'changeit';

const trustedCertificate = 2;

/**
 * A key store of Java's own format (JKS: sun.security.provider.JavaKeyStore) whose entries are in order of name and all of one time, milliseconds
 * since 1970. One that holds something else than certificates, or has another password, stays as it is.
 */
export function withFixedDates(store: Buffer, time: number): Buffer {
  const signed = store.subarray(0, -digestSize);
  if (!seal(signed).equals(store.subarray(-digestSize))) return store;
  const entries: { readonly alias: string; readonly bytes: Buffer }[] = [];
  const count = signed.readUInt32BE(8);
  let at = 12;
  for (let index = 0; index < count; index++) {
    if (signed.readUInt32BE(at) !== trustedCertificate) return store;
    const begin = at;
    const aliasEnd = textEnd(signed, at + 4);
    const dateEnd = aliasEnd + 8;
    const length = textEnd(signed, dateEnd);
    at = length + 4 + signed.readUInt32BE(length);
    const bytes = Buffer.from(signed.subarray(begin, at));
    bytes.writeBigUInt64BE(BigInt(time), aliasEnd - begin);
    entries.push({ alias: bytes.toString('utf8', 6, aliasEnd - begin), bytes });
  }
  const sorted = entries.toSorted((a, b) => (a.alias < b.alias ? -1 : 1)).map(({ bytes }) => bytes);
  const whole = Buffer.concat([signed.subarray(0, 12), ...sorted]);
  return Buffer.concat([whole, seal(whole)]);
}

const digestSize = 20;

function textEnd(buffer: Buffer, at: number): number {
  return at + 2 + buffer.readUInt16BE(at);
}

/** The trailer: SHA-1 of the password in UTF-16, two well-known words, and everything before. */
function seal(signed: Buffer): Buffer {
  const secret = Buffer.from(password, 'utf16le').swap16();
  return createHash('sha1').update(secret).update('Mighty Aphrodite').update(signed).digest();
}
