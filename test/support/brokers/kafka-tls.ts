import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** PEM texts of a certificate authority, and of a client certificate that it signed. */
export interface TestCertificates {
  readonly ca: string;
  readonly clientCert: string;
  readonly clientKey: string;
}

/** Makes an authority, and in `folder` the files that the broker's listeners with TLS read: broker.pem and ca.pem. */
export async function makeCertificates(folder: string): Promise<TestCertificates> {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '2',
    '-subj',
    '/CN=Test authority',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  for (const [name, subject] of [
    ['broker', '/CN=localhost'],
    ['client', '/CN=client'],
  ] as const) {
    await openssl(
      'req',
      '-x509',
      ...key,
      '-days',
      '2',
      '-subj',
      subject,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-addext',
      'basicConstraints=critical,CA:FALSE',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
    );
  }
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  await writeFile(join(folder, 'broker.pem'), (await read('broker.key')) + (await read('broker.crt')));
  return {
    ca: await read('ca.pem'),
    clientCert: await read('client.crt'),
    clientKey: await read('client.key'),
  };
}
