import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** PEM texts: an authority of our own, and a server certificate and a client certificate that it has signed. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly client: { readonly cert: string; readonly key: string };
}

const run = promisify(execFile);

/** Makes them with openssl; the server's is for that host name alone. */
export async function makeCertificates(host: string): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'nstack-certificates-'));
  const openssl = (...words: readonly string[]) => run('openssl', words, { cwd: folder });
  const read = (name: string) => readFile(join(folder, name), 'utf8');

  async function sign(name: string, subject: string): Promise<void> {
    await openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${subject}`,
    );
    await writeFile(join(folder, `${name}.ext`), `subjectAltName=DNS:${subject}\n`);
    await openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.pem`,
    );
  }

  try {
    await openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '2',
      '-subj',
      '/CN=nstack test authority',
    );
    await sign('server', host);
    await sign('client', 'nstack-client');
    const [ca, cert, key, clientCert, clientKey] = await Promise.all(
      ['ca.pem', 'server.pem', 'server.key', 'client.pem', 'client.key'].map(read),
    );
    const found = (pem: string | undefined) => pem ?? '';
    return {
      ca: found(ca),
      cert: found(cert),
      key: found(key),
      client: { cert: found(clientCert), key: found(clientKey) },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
