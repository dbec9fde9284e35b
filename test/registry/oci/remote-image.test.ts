import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { remoteImage } from '../../../src/registry/oci/remote-image.ts';

const signal = new AbortController().signal;
const credentials = { username: 'ali', password: 'sesame' };
const basic = `Basic ${Buffer.from('ali:sesame').toString('base64')}`;

/** A registry of the test's own, on a free port. */
async function registry(
  answer: (request: IncomingMessage, response: ServerResponse, address: string) => void,
) {
  const server = createServer((request, response) => answer(request, response, address));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const address = `127.0.0.1:${bound !== null && typeof bound === 'object' ? bound.port : 0}`;
  return { registry: address, repository: 'team/score', tag: '1.0.0' };
}

function answerManifest(response: ServerResponse): void {
  response.setHeader('docker-content-digest', 'sha256:manifest').end('{"config":{"digest":"sha256:config"}}');
}

describe('what a registry holds under a tag', () => {
  it('is its digests', async () => {
    const there = await registry(({ url }, response) => {
      if (url === '/v2/team/score/manifests/1.0.0') answerManifest(response);
      else response.writeHead(500).end();
    });
    expect(await remoteImage(there, undefined, signal)).toEqual({
      digest: 'sha256:manifest',
      config: 'sha256:config',
    });
  });

  it('is nothing where the registry knows neither repository nor tag', async () => {
    const there = await registry((_, response) => response.writeHead(404).end('{"errors":[]}'));
    expect(await remoteImage(there, undefined, signal)).toBeUndefined();
  });

  it('is told to who knows the password', async () => {
    const there = await registry(({ headers }, response) => {
      if (headers.authorization === basic) answerManifest(response);
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
    });
    expect(await remoteImage(there, credentials, signal)).toMatchObject({ config: 'sha256:config' });
    await expect(remoteImage(there, undefined, signal)).rejects.toMatchObject({
      code: 'permission',
      hint: expect.stringContaining('docker login'),
    });
  });

  it('is told to who brings the token that the registry asks for', async () => {
    const there = await registry(({ url = '', headers }, response, address) => {
      if (url.startsWith('/token')) {
        const asked = new URL(url, 'http://x').searchParams;
        const known =
          headers.authorization === basic && asked.get('service') === 's' && asked.get('scope') === 'pull';
        response.writeHead(known ? 200 : 403).end('{"token":"t"}');
      } else if (headers.authorization === 'Bearer t') answerManifest(response);
      else
        response
          .writeHead(401, {
            'www-authenticate': `Bearer realm="http://${address}/token",service="s",scope="pull"`,
          })
          .end();
    });
    expect(await remoteImage(there, credentials, signal)).toMatchObject({ digest: 'sha256:manifest' });
    await expect(remoteImage(there, undefined, signal)).rejects.toMatchObject({ code: 'permission' });
  });

  it('cannot be told by a registry that is broken or not there', async () => {
    const broken = await registry((_, response) => response.writeHead(503).end());
    await expect(remoteImage(broken, undefined, signal)).rejects.toMatchObject({
      code: 'registry-unavailable',
      message: expect.stringContaining('503'),
    });
    const gone = { registry: '127.0.0.1:1', repository: 'a', tag: '1' };
    await expect(remoteImage(gone, undefined, signal)).rejects.toMatchObject({
      code: 'registry-unavailable',
    });
  });
});
