import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretSearch } from '../../../src/builder/supply-chain/find-secrets.ts';
import { tarOf } from '../../support/engine.ts';

const secret = 'hunter2/and+more';
const search = secretSearch({ TOKEN: secret });

describe('a search for secrets', () => {
  it.each([
    ['as it is', secret],
    ['in a URL', `https://ali:${encodeURIComponent(secret)}@git.example.com`],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 of more than it', Buffer.from(`ali:${secret}`).toString('base64')],
    ['in JSON', JSON.stringify({ token: secret }).replaceAll('/', '\\/')],
  ])('finds one %s', async (_, text) => {
    const layer = tarOf({ 'etc/first': 'nothing', 'app/config': `token = ${text}\n`, 'z/last': 'nothing' });
    expect(await search.inLayer(layer)).toEqual({ secret: 'TOKEN', path: '/app/config' });
    expect(search.inText(text)).toBe('TOKEN');
  });

  it("finds one in a file's name", async () => {
    const named = secretSearch({ KEY: 'hunter2-name' });
    expect(await named.inLayer(tarOf({ 'app/hunter2-name.txt': '' }))).toMatchObject({ secret: 'KEY' });
  });

  it('finds one wherever the chunks of a layer end', async () => {
    const bytes = Buffer.concat(
      await tarOf({ a: `${'x'.repeat(700)}${secret}${'y'.repeat(700)}` }).toArray(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), async (sizes) => {
        const chunks: Buffer[] = [];
        for (let at = 0, nth = 0; at < bytes.length; nth++) {
          const size = sizes[nth % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(await search.inLayer(Readable.from(chunks))).toEqual({ secret: 'TOKEN', path: '/a' });
      }),
      { numRuns: 50 },
    );
  });

  it('finds nothing where there is nothing', async () => {
    expect(await search.inLayer(tarOf({ a: 'hunter2/and', b: '+more' }))).toBeUndefined();
    expect(search.inText('hunter2')).toBeUndefined();
  });

  it('says which secrets are too short to be looked for', async () => {
    const short = secretSearch({ PIN: '12345', TOKEN: secret });
    expect(short.tooShort).toEqual(['PIN']);
    expect(short.inText('12345')).toBeUndefined();
  });
});
