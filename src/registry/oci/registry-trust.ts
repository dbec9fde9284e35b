import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NstackError } from '../../core/index.ts';

/** Whom a connection to one host trusts, and as whom it presents itself. PEM texts. */
export interface Trust {
  readonly ca: readonly string[];
  readonly cert?: string;
  readonly key?: string;
}

const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/**
 * The certificate authorities of Node, of the system and of NODE_EXTRA_CA_CERTS and SSL_CERT_FILE; and, as Docker has it, of `certs.d/HOST`: *.crt are authorities,
 * NAME.cert and NAME.key a certificate of this client. Fails with `file-unreadable` where a variable names a file that cannot be read.
 */
export async function registryTrust(host: string, env: NodeJS.ProcessEnv): Promise<Trust> {
  const named = [env.NODE_EXTRA_CA_CERTS, env.SSL_CERT_FILE].filter(
    (file) => file !== undefined && file !== '',
  );
  const [usual, own, system, folders] = await Promise.all([
    nodeCertificates(),
    Promise.all(named.map((file) => readNamed(file ?? ''))),
    firstBundle(env.SSL_CERT_FILE ? [] : systemBundles),
    Promise.all(certificateFolders(env).map((folder) => readFolder(join(folder, host)))),
  ]);
  const client = folders.find(({ cert }) => cert !== undefined);
  return {
    ca: unique([...usual, ...system, ...own, ...folders.flatMap(({ ca }) => ca)]),
    ...(client?.cert === undefined || client.key === undefined ? {} : { cert: client.cert, key: client.key }),
  };
}

/** Node and the system mostly hold the same ones, and reading one twice takes as long. */
function unique(texts: readonly string[]): readonly string[] {
  const blocks = texts.flatMap((text) => text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? []);
  return [...new Map(blocks.map((block) => [block.replaceAll(/\s/g, ''), block])).values()];
}

/** Where Docker looks: the system's folder, and that of an engine without root. */
function certificateFolders(env: NodeJS.ProcessEnv): readonly string[] {
  return ['/etc/docker/certs.d', join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'docker/certs.d')];
}

async function nodeCertificates(): Promise<readonly string[]> {
  const { default: tls } = await import('node:tls');
  // Since Node 22.15; with it, what Node itself was told to trust counts too.
  return typeof tls.getCACertificates === 'function'
    ? tls.getCACertificates('default')
    : tls.rootCertificates;
}

async function readNamed(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new NstackError('file-unreadable', `the certificate authorities in ${file} cannot be read`, {
      cause,
      hint: 'correct or unset NODE_EXTRA_CA_CERTS and SSL_CERT_FILE',
    });
  }
}

async function firstBundle(files: readonly string[]): Promise<readonly string[]> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return [text];
  }
  return [];
}

async function readFolder(
  folder: string,
): Promise<{ readonly ca: readonly string[]; readonly cert?: string; readonly key?: string }> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const read = (name: string) => readNamed(join(folder, name));
  const ca = await Promise.all(names.filter((name) => name.endsWith('.crt')).map(read));
  const client = names.find((name) => name.endsWith('.cert') && names.includes(name.replace(/cert$/, 'key')));
  if (client === undefined) return { ca };
  const [cert, key] = await Promise.all([read(client), read(client.replace(/cert$/, 'key'))]);
  return { ca, cert, key };
}
