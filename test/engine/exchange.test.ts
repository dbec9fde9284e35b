import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { exchange, plainAddress } from '../../src/engine/exchange.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server) {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}
const answering = (listener: RequestListener) => listen(createServer(listener));
/** Says these bytes to whoever connects, and goes. */
const saying = (text: string) => listen(createSocketServer((socket) => socket.end(text)));
const get = { method: 'GET', path: '/images/json' } as const;

describe('an exchange with an engine', () => {
  it('answers what comes with its length, in chunks, or to the end of the connection', async () => {
    const whole = await answering((_, response) => response.end('[]'));
    expect(await exchange(whole, get)).toBe('[]');
    const text = 'ä'.repeat(100_000);
    const chunked = await answering((_, response) => {
      response.write(text);
      response.end(text);
    });
    expect(await exchange(chunked, get)).toBe(text + text);
    expect(await exchange(await saying('HTTP/1.0 200 OK\r\n\r\n[1]'), get)).toBe('[1]');
  });

  it('sends a body as it comes', async () => {
    const server = await answering(async (request, response) => response.end(await buffer(request)));
    const body = Readable.from([Buffer.from('a'), Buffer.alloc(0), Buffer.alloc(200_000, 'b')]);
    expect(await exchange(server, { ...get, method: 'POST', body })).toBe(`a${'b'.repeat(200_000)}`);
  });

  it.each([
    ['says no', 'HTTP/1.1 404 Not Found\r\n\r\nno', /404/],
    ['says nothing', '', /the engine answers/],
    ['is no HTTP', 'hello', /the engine answers/],
    ['breaks off', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', /broke off/],
    ['has no sizes', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', /broke off/],
  ])('fails where the answer %s', async (_, text, message) => {
    await expect(exchange(await saying(text), get)).rejects.toThrow(message);
  });

  it('fails where nobody listens, nothing comes, the body breaks, or it is given up', async () => {
    await expect(exchange({ path: '/nowhere/docker.sock' }, get)).rejects.toThrow('ENOENT');
    const silent = await answering(() => {});
    await expect(exchange(silent, { ...get, patience: 50 })).rejects.toThrow('no answer');
    const body = new Readable({ read() {} });
    const broken = exchange(silent, { ...get, method: 'POST', body });
    body.destroy(new Error('no such layer'));
    await expect(broken).rejects.toThrow('no such layer');
    const { signal, abort } = given();
    const left = exchange(silent, { ...get, signal });
    abort();
    await expect(left).rejects.toThrow('aborted');
  });
});

function given() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

it('an engine with certificates, or over SSH, is not reached by a plain socket', () => {
  expect(plainAddress({})).toEqual({ path: '/var/run/docker.sock' });
  expect(plainAddress({ DOCKER_HOST: 'unix:///run/user/1/docker.sock' })).toEqual({
    path: '/run/user/1/docker.sock',
  });
  expect(plainAddress({ DOCKER_HOST: 'tcp://localhost:1234' })).toEqual({ host: 'localhost', port: 1234 });
  expect(plainAddress({ DOCKER_HOST: 'tcp://localhost' })).toEqual({ host: 'localhost', port: 2375 });
  expect(plainAddress({ DOCKER_HOST: 'tcp://localhost:2376', DOCKER_TLS_VERIFY: '1' })).toBeUndefined();
  expect(plainAddress({ DOCKER_HOST: 'ssh://me@there' })).toBeUndefined();
});
