import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/index.ts';
import { mediaTypes } from '../../../src/registry/oci/media-types.ts';
import { outgoing } from '../../../src/registry/oci/referrers.ts';
import { clientOf, hurried, ownRegistry } from './support/own-registry.ts';

const unavailable = (words: string) => ({
  code: 'registry-unavailable',
  message: expect.stringContaining(words),
});

describe('a registry that lies', () => {
  it('about the digest of a manifest is not believed', async () => {
    const registry = await clientOf((_, response) => response.end('{}'));
    const reference = digestOf(Buffer.from('something else'));
    await expect(registry.manifest('a', reference)).rejects.toMatchObject(unavailable('in place of'));
  });

  it('about the bytes of a blob, or sends too many, is not believed', async () => {
    const registry = await clientOf((_, response) => response.end('four'));
    const blob = { mediaType: '', digest: digestOf(Buffer.from('five')), size: 4 };
    await expect(buffer(await registry.blob('a', blob))).rejects.toMatchObject(unavailable('in place of'));
    const shorter = { ...blob, size: 3 };
    await expect(buffer(await registry.blob('a', shorter))).rejects.toMatchObject(
      unavailable('more than the 3 bytes'),
    );
  });

  it('by a manifest without end is not read to the end', async () => {
    const registry = await clientOf((_, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(64 * 1024, 32)));
      };
      response.on('drain', more);
      more();
    });
    await expect(registry.manifest('a', '1')).rejects.toMatchObject(unavailable('no whole manifest'));
  });

  it('by redirects without end is not followed to the end', async () => {
    const registry = await clientOf(({ url }, response) =>
      response.writeHead(307, { location: `${url}x` }).end(),
    );
    await expect(registry.manifest('a', '1')).rejects.toMatchObject(unavailable('redirects more than'));
  });

  it('by tags that are no names, pages without end, or pages elsewhere is not followed', async () => {
    const evil = await clientOf((_, response) => response.end(JSON.stringify({ tags: ['\u001b[2J'] })));
    await expect(evil.tags('a')).rejects.toMatchObject(unavailable('does not hold names'));
    let page = 0;
    const endless = await clientOf((_, response) =>
      response.setHeader('link', `</v2/a/tags/list?page=${page++}>; rel="next"`).end('{"tags":["1"]}'),
    );
    await expect(endless.tags('a')).rejects.toMatchObject(unavailable('without end'));
    const elsewhere = await clientOf((_, response) =>
      response.setHeader('link', '<https://evil.example.com/>; rel="next"').end('{"tags":["1"]}'),
    );
    await expect(elsewhere.tags('a')).rejects.toMatchObject(unavailable('evil.example.com'));
  });

  it('about where a token is to be fetched from is told no password', async () => {
    const challenge = { 'www-authenticate': 'Bearer realm="http://evil.example.com/token"' };
    const credentials = { kind: 'password', username: 'ali', password: 'sesame' } as const;
    const registry = await clientOf((_, response) => response.writeHead(401, challenge).end(), {
      credentials,
    });
    await expect(registry.manifest('a', '1')).rejects.toMatchObject({
      code: 'permission',
      message: expect.stringContaining('evil.example.com'),
    });
  });

  it('in its errors cannot move the cursor', async () => {
    const errors = [{ code: 'X', message: 'a\u001b[2Jb' }];
    const registry = await clientOf((_, response) => response.writeHead(418).end(JSON.stringify({ errors })));
    await expect(registry.manifest('a', '1')).rejects.toMatchObject(unavailable('X a [2Jb'));
  });
});

describe('a registry in trouble', () => {
  it('is asked again after 500s, broken connections and 429, and tells of the pauses', async () => {
    let asked = 0;
    const told: string[] = [];
    const registry = await clientOf(
      ({ socket }, response) => {
        asked++;
        if (asked === 1) response.writeHead(503).end();
        else if (asked === 2) socket.destroy();
        else if (asked === 3) response.writeHead(429, { 'retry-after': '0' }).end();
        else response.setHeader('content-type', mediaTypes.manifest).end('{}');
      },
      { onProgress: (text) => told.push(text) },
    );
    expect((await registry.manifest('a', '1'))?.bytes.length).toBe(2);
    expect(told.map((text) => /answered \d+|broke/.exec(text)?.[0] ?? text)).toContain('answered 503');
    expect(told.at(-1)).toContain('answered 429');
  });

  it('is given up on after five tries, or where it wants too long a pause', async () => {
    let asked = 0;
    const broken = await clientOf((_, response) => {
      asked++;
      response.writeHead(500).end();
    });
    await expect(broken.manifest('a', '1')).rejects.toMatchObject(unavailable('answered 500'));
    expect(asked).toBe(5);
    const busy = await clientOf((_, response) => response.writeHead(429, { 'retry-after': '86400' }).end());
    await expect(busy.manifest('a', '1')).rejects.toMatchObject(unavailable('answered 429'));
  });

  it('that says nothing is not waited for', async () => {
    const registry = await clientOf(() => {}, { silence: 50 });
    await expect(registry.manifest('a', '1')).rejects.toMatchObject(unavailable('did not answer'));
  });

  it('that is not there is not asked again', async () => {
    const told: string[] = [];
    const nobody = hurried('127.0.0.1:9', { onProgress: (text) => told.push(text) });
    await expect(nobody.manifest('a', '1')).rejects.toMatchObject(unavailable('nothing listens'));
    expect(told).toEqual([]);
  });

  it.each([true, false])(
    'breaks off a blob, which goes on where it broke (with ranges: %s)',
    async (ranges) => {
      const bytes = randomBytes(300_000);
      const asked: (string | undefined)[] = [];
      const registry = await clientOf(({ headers: { range } }, response) => {
        asked.push(range);
        const from = ranges ? Number(/\d+/.exec(range ?? '0')?.[0]) : 0;
        const last = asked.length === 3;
        response.writeHead(from > 0 ? 206 : 200, { 'content-length': bytes.length - from });
        const part = bytes.subarray(from, last ? undefined : asked.length * 100_000);
        response.write(part, () => (last ? response.end() : response.destroy()));
      });
      const blob = outgoing(bytes, '');
      expect(digestOf(await buffer(await registry.blob('a', blob)))).toBe(blob.digest);
      expect(asked).toEqual([undefined, 'bytes=100000-', 'bytes=200000-']);
    },
  );

  it('ends at once when it is interrupted', async () => {
    const interrupted = new AbortController();
    const registry = await clientOf(() => interrupted.abort(), { signal: interrupted.signal });
    await expect(registry.manifest('a', '1')).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('credentials', () => {
  const credentials = { kind: 'password', username: 'ali', password: 'sesame' } as const;

  it('are not handed on to the host that a blob is redirected to', async () => {
    const seen: (string | undefined)[] = [];
    const other = await ownRegistry(({ headers }, response) => {
      seen.push(headers.authorization);
      response.end('blob');
    });
    const registry = await clientOf(
      ({ headers }, response) => {
        seen.push(headers.authorization);
        response.writeHead(307, { location: `http://${other}/blob` }).end();
      },
      { credentials },
    );
    expect(String(await buffer(await registry.blob('a', outgoing(Buffer.from('blob'), ''))))).toBe('blob');
    expect(seen).toEqual([expect.stringMatching(/^Basic /), undefined]);
  });

  it('become a token for each scope, once, and again when the registry does not take it any more', async () => {
    const scopes: (string | null)[] = [];
    let valid = 'none';
    const registry = await clientOf(
      ({ url = '', headers }, response, host) => {
        const asked = new URL(url, `http://${host}`);
        if (asked.pathname === '/token') {
          scopes.push(asked.searchParams.get('scope'));
          expect(headers.authorization).toMatch(/^Basic /);
          valid = `t${scopes.length}`;
          response.end(JSON.stringify({ token: valid }));
        } else if (headers.authorization === `Bearer ${valid}`) response.end('{}');
        else
          response
            .writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token",service="s"` })
            .end();
      },
      { credentials },
    );
    await Promise.all([registry.manifest('a', '1'), registry.manifest('a', '2')]);
    await registry.manifest('a', '3');
    expect(scopes).toEqual(['repository:a:pull']);
    valid = 'another';
    await registry.manifest('a', '4');
    await registry.manifest('b', '1');
    expect(scopes).toEqual(['repository:a:pull', 'repository:a:pull', 'repository:b:pull']);
  });

  it('may be an identity token, which is exchanged', async () => {
    const registry = await clientOf(
      (request, response, host) => {
        if (request.url !== '/token') {
          if (request.headers.authorization === 'Bearer fresh') response.end('{}');
          else
            response
              .writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token",service="s"` })
              .end();
          return;
        }
        void buffer(request).then((body) => {
          const form = new URLSearchParams(String(body));
          const known = form.get('refresh_token') === 'kept' && form.get('grant_type') === 'refresh_token';
          response.writeHead(known ? 200 : 401).end('{"access_token":"fresh"}');
        });
      },
      { credentials: { kind: 'identity-token', token: 'kept' } },
    );
    expect(await registry.manifest('a', '1')).toBeDefined();
  });

  it('that give no token, or no right, are told with the way out', async () => {
    const realm = await clientOf(
      ({ url = '' }, response, host) =>
        url.startsWith('/token')
          ? response.writeHead(401).end()
          : response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token"` }).end(),
      { credentials },
    );
    await expect(realm.manifest('a', '1')).rejects.toMatchObject({
      code: 'permission',
      message: expect.stringContaining('gives no token'),
      hint: expect.stringContaining('docker login'),
    });
    const errors = [{ code: 'DENIED', message: 'requested access to the resource is denied' }];
    const denied = await clientOf((_, response) => response.writeHead(403).end(JSON.stringify({ errors })), {
      credentials,
    });
    await expect(denied.putManifest('team/click', '1', Buffer.from('{}'), '')).rejects.toMatchObject({
      code: 'permission',
      message: expect.stringMatching(/does not let ali push team\/click:1: DENIED/),
      hint: expect.stringContaining('grant'),
    });
  });
});
