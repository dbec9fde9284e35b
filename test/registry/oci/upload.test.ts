import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/index.ts';
import { outgoing } from '../../../src/registry/oci/referrers.ts';
import { clientOf } from './support/own-registry.ts';

/** Machines may be busy. */
const patient = { silence: 10_000 };
const blob = outgoing(randomBytes(17_000_000), '');

/** `disturbed`: it was answered, or not, in the registry's place; `taken`: that too, but what came of its body is kept. */
type Disturbance = 'none' | 'disturbed' | 'taken';

/** The upload part of a registry, in memory. `disturb` sees each request and the how manieth of its method it is. */
function uploads(disturb: (request: IncomingMessage, response: ServerResponse, nth: number) => Disturbance) {
  let pieces: Buffer[] = [];
  let whole: Buffer | undefined;
  const seen: string[] = [];
  const counts = new Map<string, number>();
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '' } = request;
    seen.push(method);
    const nth = (counts.get(method) ?? 0) + 1;
    counts.set(method, nth);
    const held = () => pieces.reduce((sum, { length }) => sum + length, 0);
    const range = () => (held() === 0 ? '0-0' : `0-${held() - 1}`);
    const reply = (status: number) => response.writeHead(status, { location: url, range: range() }).end();
    const take = (data: Buffer) => {
      pieces.push(data);
    };
    const disturbance = disturb(request, response, nth);
    if (disturbance === 'taken') request.on('data', take);
    else if (disturbance === 'disturbed') request.resume();
    else if (method === 'HEAD') reply(whole !== undefined && digestOf(whole) === blob.digest ? 200 : 404);
    else if (method === 'POST') {
      pieces = [];
      response.writeHead(202, { location: '/v2/a/blobs/uploads/1' }).end();
    } else if (method === 'GET') reply(204);
    else {
      request.on('data', take).on('end', () => {
        if (method === 'PUT') whole = Buffer.concat(pieces);
        reply(method === 'PUT' ? 201 : 202);
      });
    }
  };
  return { answer, seen, digest: () => digestOf(whole ?? Buffer.alloc(0)) };
}

describe('an upload', () => {
  it('goes on where the connection broke', async () => {
    const { answer, seen, digest } = uploads(({ method, socket }, _, nth) => {
      if (method !== 'PATCH' || nth !== 2) return 'none';
      setImmediate(() => socket.destroy());
      return 'taken';
    });
    const registry = await clientOf(answer, patient);
    let sent = 0;
    await registry.pushBlob('a', blob, { onSent: (bytes) => (sent += bytes) });
    expect(digest()).toBe(blob.digest);
    expect(sent).toBe(blob.size);
    expect(seen.filter((method) => method === 'POST')).toHaveLength(1);
    expect(seen.filter((method) => method === 'GET')).toHaveLength(1);
  });

  it('goes whole to a registry that takes no pieces', async () => {
    const { answer, seen, digest } = uploads(({ method }, response) => {
      if (method !== 'PATCH') return 'none';
      response.writeHead(405).end();
      return 'disturbed';
    });
    expect(await (await clientOf(answer, patient)).pushBlob('a', blob)).toBe('sent');
    expect(digest()).toBe(blob.digest);
    expect(seen.filter((method) => method === 'PUT')).toHaveLength(1);
  });

  it('whose last answer is lost is found to be there', async () => {
    const { answer, seen } = uploads((request, response, nth) => {
      if (request.method === 'GET') response.writeHead(404).end();
      else if (request.method === 'HEAD' && nth === 2) response.writeHead(200).end();
      else if (request.method === 'PUT') request.socket.destroy();
      else return 'none';
      return 'disturbed';
    });
    expect(await (await clientOf(answer, patient)).pushBlob('a', blob)).toBe('sent');
    expect(seen.filter((method) => method === 'PUT')).toHaveLength(1);
  });

  it('is given up on where it makes no progress', async () => {
    const { answer } = uploads(({ method, socket }) => {
      if (method === 'PATCH') socket.destroy();
      return method === 'PATCH' ? 'disturbed' : 'none';
    });
    await expect((await clientOf(answer, patient)).pushBlob('a', blob)).rejects.toMatchObject({
      code: 'registry-unavailable',
      message: expect.stringContaining('cannot push to a'),
    });
  });

  it('does not go on at a place that is not safe', async () => {
    const { answer } = uploads(({ method }, response) => {
      if (method === 'POST') response.writeHead(202, { location: 'ftp://evil.example.com/' }).end();
      return method === 'POST' ? 'disturbed' : 'none';
    });
    await expect((await clientOf(answer, patient)).pushBlob('a', blob)).rejects.toMatchObject({
      message: expect.stringContaining('evil.example.com'),
    });
  });
});
