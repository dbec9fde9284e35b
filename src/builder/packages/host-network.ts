import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
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
  const [texts, { rootCertificates }] = await Promise.all([
    Promise.all([...new Set(files)].map(readBundle)),
    // Reads them when it is loaded, which builds that install nothing do without.
    import('node:tls'),
  ]);
  const known = [...rootCertificates, ...distributedCertificates()];
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

/** What the distribution ships of Mozilla's list: perhaps older than the list that Node holds. Some 150 files, which take five times as long one promise each. */
function distributedCertificates(): readonly string[] {
  const folder = '/usr/share/ca-certificates';
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.crt'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  } catch {
    return [];
  }
}

function ownCertificates(bundles: readonly string[], fromMozilla: readonly string[]): string {
  const known = new Set(fromMozilla.map(bodyOf));
  const own: string[] = [];
  for (const bundle of bundles) {
    for (const [pem] of bundle.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)) {
      const body = bodyOf(pem);
      if (known.has(body) || !isAuthority(pem)) continue;
      known.add(body);
      own.push(`${pem}\n`);
    }
  }
  return own.join('');
}

/** What tells certificates apart: their text without line breaks. */
function bodyOf(pem: string): string {
  const [, body = ''] = pem.split(/-----(?:BEGIN|END) CERTIFICATE-----/);
  return body.replaceAll(/\s/g, '');
}

function isAuthority(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}
