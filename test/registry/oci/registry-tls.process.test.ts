import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../builder/support/temporary-folder.ts';
import { type Certificates, makeCertificates } from '../../support/brokers/certificates.ts';
import { startRegistry } from '../../support/registry.ts';
import { hurried } from './support/own-registry.ts';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates('localhost');
});

/** Its address by the name that its certificate is for. */
async function secureRegistry(options: { clients?: boolean } = {}): Promise<string> {
  const address = await startRegistry({ passwords: false, tls: { certificates, ...options } });
  return address.replace('127.0.0.1', 'localhost');
}

async function file(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'ca.crt');
  await writeFile(path, text);
  return path;
}

describe('a registry with TLS', () => {
  it('is believed where its authority is known, by a variable or as Docker has it', async () => {
    const host = await secureRegistry();
    const ca = await file(certificates.ca);
    const config = await temporaryFolder();
    await mkdir(join(config, 'docker/certs.d', host), { recursive: true });
    await writeFile(join(config, 'docker/certs.d', host, 'ca.crt'), certificates.ca);
    for (const env of [{ NODE_EXTRA_CA_CERTS: ca }, { SSL_CERT_FILE: ca }, { XDG_CONFIG_HOME: config }])
      expect(await hurried(host, { env }).tags('team/score')).toEqual([]);
  });

  it('of an authority that nobody knows is not, and the way out is said', async () => {
    const host = await secureRegistry();
    await expect(hurried(host, { env: {} }).tags('team/score')).rejects.toMatchObject({
      code: 'registry-unavailable',
      message: expect.stringContaining('an authority that this machine does not know'),
      hint: expect.stringContaining(`/etc/docker/certs.d/${host}/ca.crt`),
    });
    await expect(hurried(host, { env: { SSL_CERT_FILE: '/nowhere' } }).tags('a')).rejects.toMatchObject({
      code: 'file-unreadable',
    });
  });

  it('under another name than its certificate has is not', async () => {
    const host = (await secureRegistry()).replace('localhost', '127.0.0.1');
    const env = { NODE_EXTRA_CA_CERTS: await file(certificates.ca) };
    await expect(hurried(host, { env }).tags('a')).rejects.toMatchObject({
      message: expect.stringContaining('is for another name'),
    });
  });

  it('is shown the certificate of this client, where it wants one', async () => {
    const host = await secureRegistry({ clients: true });
    const config = await temporaryFolder();
    const folder = join(config, 'docker/certs.d', host);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'ca.crt'), certificates.ca);
    const env = { XDG_CONFIG_HOME: config };
    await expect(hurried(host, { env }).tags('a')).rejects.toMatchObject({ code: 'registry-unavailable' });
    await writeFile(join(folder, 'client.cert'), certificates.client.cert);
    await writeFile(join(folder, 'client.key'), certificates.client.key);
    expect(await hurried(host, { env }).tags('a')).toEqual([]);
  });

  it('is reached by the proxy that the environment names, but for hosts that need none', async () => {
    const own = await makeCertificates('registry.test');
    const address = await startRegistry({ passwords: false, tls: { certificates: own } });
    const asked: string[] = [];
    const proxy = createServer().on('connect', ({ url = '' }, socket) => {
      asked.push(url);
      const far = connect(Number(address.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        far.pipe(socket).pipe(far);
      });
      for (const end of [far, socket]) end.on('error', () => far.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    onTestFinished(() => void proxy.close());
    const proxies = { HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
    const env = { NODE_EXTRA_CA_CERTS: await file(own.ca), ...proxies };
    expect(await hurried('registry.test', { env }).tags('a')).toEqual([]);
    expect(asked).toEqual(['registry.test:443']);
    const direct = hurried('registry.test', { env: { ...env, NO_PROXY: '.test' } });
    await expect(direct.tags('a')).rejects.toMatchObject({ code: 'registry-unavailable' });
    expect(asked).toHaveLength(1);
  });
});

describe('a registry without TLS', () => {
  const address = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

  it.skipIf(address === undefined)('is spoken to on this machine alone', async () => {
    const server = createServer((_, response) => response.end('{}'));
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const host = `${address}:${(server.address() as AddressInfo).port}`;
    await expect(hurried(host, { env: {} }).tags('a')).rejects.toMatchObject({
      code: 'registry-unavailable',
      message: expect.stringContaining(`${host} does not speak TLS there`),
      hint: expect.stringContaining('plain HTTP'),
    });
  });
});
