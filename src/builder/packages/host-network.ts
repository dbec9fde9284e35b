import { createHash, X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How this machine reaches the network, as far as a build needs to know it. */
export interface HostNetwork {
  /** The machine's own certificate authorities, those that Mozilla's list does not hold, as PEM text; empty where there is none. */
  readonly certificates: string;
  /** Proxy variables under the names that every builder passes to build stages and keeps out of the image. */
  readonly proxies: Readonly<Record<string, string>>;
}

const proxyNames = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'];
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/** Reads proxies and certificate authorities of this machine: NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, and the system's own bundle. */
export async function readHostNetwork(env: NodeJS.ProcessEnv = process.env): Promise<HostNetwork> {
  const files = [env.NODE_EXTRA_CA_CERTS, env.SSL_CERT_FILE, ...bundles];
  const [texts, distributed, { rootCertificates }] = await Promise.all([
    Promise.all([...new Set(files)].map(readBundle)),
    distributedCertificates(),
    // Reads them when it is loaded, which builds that install nothing do without.
    import('node:tls'),
  ]);
  const known = [...rootCertificates, ...distributed];
  return { certificates: ownCertificates(texts, known), proxies: proxies(env) };
}

function proxies(env: NodeJS.ProcessEnv): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of proxyNames) {
    const value = env[name.toLowerCase()] ?? env[name];
    if (value) Object.assign(found, { [name]: value, [name.toLowerCase()]: value });
  }
  return found;
}

async function readBundle(file: string | undefined): Promise<string> {
  if (!file) return '';
  // A variable that names no file is the business of whoever reads it for a connection of this process.
  return readFile(file, 'utf8').catch(() => '');
}

/** What the distribution ships of Mozilla's list: perhaps older than the list that Node holds. */
async function distributedCertificates(): Promise<readonly string[]> {
  const folder = '/usr/share/ca-certificates';
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.crt'));
  return Promise.all(files.map((entry) => readBundle(join(entry.parentPath, entry.name))));
}

function ownCertificates(bundles: readonly string[], fromMozilla: readonly string[]): string {
  const known = new Set(fromMozilla.map(fingerprint));
  const own: string[] = [];
  for (const bundle of bundles) {
    for (const [pem] of bundle.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)) {
      const print = fingerprint(pem);
      if (known.has(print) || !isAuthority(pem)) continue;
      known.add(print);
      own.push(`${pem}\n`);
    }
  }
  return own.join('');
}

function fingerprint(pem: string): string {
  const [, body = ''] = pem.split(/-----(?:BEGIN|END) CERTIFICATE-----/);
  return createHash('sha256').update(Buffer.from(body, 'base64')).digest('base64');
}

function isAuthority(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}
