import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, type Served, serveFake, token } from './serve-fake.ts';

let served: Served;
beforeEach(async () => {
  served = await serveFake({ requestTimeout: 400 });
});
afterEach(() => served.close());

/** Sends bytes as they are, and answers all that comes back until the connection ends. */
function raw(target: { path: string }, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(target, () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

describe('hostile requests', () => {
  it('are ended when a body is too long, whether it says so or not', async () => {
    const path = { path: served.socket };
    const head = 'POST /v1/start HTTP/1.1\r\nhost: x\r\n';
    const said = await raw(path, `${head}content-length: 1048577\r\n\r\n`);
    expect(said).toContain('413 Payload Too Large');
    const chunk = 'x'.repeat(0x10_0001);
    const chunked = await raw(path, `${head}transfer-encoding: chunked\r\n\r\n100001\r\n${chunk}\r\n`);
    expect(chunked).toContain('413 Payload Too Large');
    expect(chunked).toContain('connection: close');
  });

  it('are ended when they trickle', async () => {
    const path = { path: served.socket };
    const head = await raw(path, 'GET /v1 HTTP/1.1\r\nhost:');
    expect(head).toContain('408 Request Timeout');
    const body = await raw(path, 'POST /v1/start HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{');
    expect(body).toContain('408 Request Timeout');
  });

  it('are told when they are no HTTP or have an endless header', async () => {
    const path = { path: served.socket };
    expect(await raw(path, 'hello\r\n\r\n')).toContain('400 Bad Request');
    const long = await raw(path, `GET /v1 HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(long).toContain('431 Request Header Fields Too Large');
    expect(JSON.parse(long.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'usage' });
  });

  it('over TCP need the token', async () => {
    for (const authorization of [
      '',
      'Bearer',
      `Bearer ${token}x`,
      `Bearer ${token.slice(1)}`,
      `Basic ${token}`,
    ]) {
      const { status, json, headers } = await ask(served.url, '/v1', { headers: { authorization } });
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toBe('Bearer');
      expect(json.hint).toContain('NSTACK_TOKEN');
      expect(JSON.stringify(json)).not.toContain(token);
    }
    for (const path of ['/metrics', '/v1/events', '/nowhere'])
      expect((await ask(served.url, path)).status).toBe(401);
    const right = await ask(served.url, '/v1', { headers: { authorization: `bearer  ${token}` } });
    expect(right.status).toBe(200);
  });

  it('over TCP need the name of this machine, so that no web page can bend its own to it', async () => {
    const authorization = `Bearer ${token}`;
    for (const host of ['evil.example', '127.0.0.1.evil.example:80', 'localhost.evil.example', '10.0.0.1'])
      expect((await ask(served.url, '/v1', { headers: { authorization, host } })).status).toBe(421);
    for (const host of ['localhost', 'localhost:9999', '127.0.0.1:1', '[::1]:80'])
      expect((await ask(served.url, '/v1', { headers: { authorization, host } })).status).toBe(200);
    const { headers } = await ask(served.url, '/v1', {
      headers: { authorization, origin: 'http://localhost' },
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('over TCP learn nothing of a defect but that there was one', async () => {
    served.supervisor.list = () => {
      throw new Error('inner matter');
    };
    const { status, json } = await ask(served.url, '/v1/workflows', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(status).toBe(500);
    expect(JSON.stringify(json)).not.toContain('inner matter');
    expect(String(served.defects[0])).toContain('inner matter');
  });

  it('find a socket that is the user’s alone', async () => {
    expect((await stat(served.socket)).mode & 0o777).toBe(0o600);
  });
});
