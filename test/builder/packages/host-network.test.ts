import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { readHostNetwork } from '../../../src/builder/packages/host-network.ts';
import { selfSigned } from '../../support/self-signed.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function certificate(...extensions: readonly string[]): Promise<string> {
  return readFile((await selfSigned('nstack test', ...extensions)).cert, 'utf8');
}

async function fileOf(text: string): Promise<string> {
  const file = join(await temporaryFolder(), 'bundle.pem');
  await writeFile(file, text);
  return file;
}

describe("the host's own certificate authorities", () => {
  it('are those of its bundles that the usual list does not hold, each once', async () => {
    const own = await certificate();
    const file = await fileOf(`# a bundle\n${rootCertificates.slice(0, 3).join('\n')}\n${own}\n${own}`);
    const { certificates } = await readHostNetwork({
      NODE_EXTRA_CA_CERTS: file,
      SSL_CERT_FILE: await fileOf(own),
    });
    expect(certificates.split(own.trim())).toHaveLength(2);
    for (const root of rootCertificates.slice(0, 3)) expect(certificates).not.toContain(root.trim());
  });

  it('are no certificates of servers, and nothing else that a bundle holds', async () => {
    const server = await certificate('basicConstraints=critical,CA:FALSE');
    const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const file = await fileOf(`${server}${key}${broken}`);
    const { certificates } = await readHostNetwork({ NODE_EXTRA_CA_CERTS: file });
    expect(certificates).toBe((await readHostNetwork({})).certificates);
  });

  it('do not need the file that a variable names', async () => {
    await expect(readHostNetwork({ NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' })).resolves.toBeDefined();
  });
});

describe('proxies', () => {
  it('are passed under both spellings, lower case first', async () => {
    const { proxies } = await readHostNetwork({
      https_proxy: 'http://p:1',
      HTTPS_PROXY: 'http://q:2',
      NO_PROXY: 'localhost',
      HTTP_PROXY: '',
    });
    expect(proxies).toEqual({
      HTTPS_PROXY: 'http://p:1',
      https_proxy: 'http://p:1',
      NO_PROXY: 'localhost',
      no_proxy: 'localhost',
    });
  });
});
