import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { layerBound, openLayerStore, pruneLayers } from '../../../src/builder/store/index.ts';
import { withoutCredentials } from '../../../src/builder/store/source-origin.ts';
import { digestOf } from '../../../src/core/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const tar = (text: string) => Readable.from([Buffer.from(text)]);

describe('the store of layers', () => {
  it('keeps a layer by the digest of its tar, compressed, the same each time', async () => {
    const [one, other] = [
      await openLayerStore(await temporaryFolder()),
      await openLayerStore(await temporaryFolder()),
    ];
    const kept = await one.keep(tar('layer'));
    expect(kept).toEqual(await other.keep(tar('layer')));
    expect(kept?.diffId).toBe(digestOf(Buffer.from('layer')));
    if (kept === undefined) throw new Error('it was kept');
    const packed = await buffer(one.open(kept));
    expect(digestOf(packed)).toBe(kept.digest);
    expect(String(gunzipSync(packed))).toBe('layer');
    expect(await buffer(one.open(kept, 2, 5))).toEqual(packed.subarray(2, 5));
    expect(await one.find(kept.diffId)).toEqual(kept);
  });

  it('remembers where a layer was seen, the latest first', async () => {
    const store = await openLayerStore(await temporaryFolder());
    const kept = await store.keep(tar('layer'));
    if (kept === undefined) throw new Error('it was kept');
    for (const place of ['r.io/a', 'r.io/b', 'r.io/a']) await store.seen(kept, place);
    expect((await store.find(kept.diffId))?.held).toEqual(['r.io/a', 'r.io/b']);
  });

  it('takes from a registry only what unpacks to the layer that it should be', async () => {
    const folder = await temporaryFolder();
    const store = await openLayerStore(folder);
    const packed = gzipSync('layer');
    const layer = { diffId: digestOf(Buffer.from('layer')), digest: digestOf(packed) };
    const wrong = { ...layer, diffId: digestOf(Buffer.from('another')) };
    await expect(store.keepPacked(Readable.from([packed]), wrong)).rejects.toMatchObject({
      code: 'registry-unavailable',
    });
    const plain = Buffer.from('no gzip');
    const noGzip = { ...layer, digest: digestOf(plain) };
    await expect(store.keepPacked(Readable.from([plain]), noGzip)).rejects.toMatchObject({
      message: expect.stringContaining('no gzip archive'),
    });
    expect(await readdir(join(folder, 'layers'))).toEqual([]);
    const kept = await store.keepPacked(Readable.from([packed]), layer);
    expect(await store.holds(kept)).toBe(true);
  });

  it('drops what was used least recently, and still knows what it was', async () => {
    const folder = await temporaryFolder();
    const store = await openLayerStore(folder);
    const kept = [];
    for (const text of ['old', 'new']) kept.push(await store.keep(tar(text)));
    const [old, fresh] = kept;
    if (old === undefined || fresh === undefined) throw new Error('they were kept');
    const file = join(folder, 'layers', `${old.diffId.slice('sha256:'.length)}.tar.gz`);
    await utimes(file, 1, 1);
    await pruneLayers(folder, fresh.size);
    expect([await store.holds(old), await store.holds(fresh)]).toEqual([false, true]);
    expect(await store.find(old.diffId)).toEqual(old);
  });

  it('is bounded by what the environment says', () => {
    expect(layerBound({})).toBe(5 * 2 ** 30);
    expect(layerBound({ NSTACK_LAYER_CACHE: '500MiB' })).toBe(500 * 2 ** 20);
    expect(() => layerBound({ NSTACK_LAYER_CACHE: 'much' })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  });
});

describe('where a service comes from', () => {
  it.each([
    ['https://ali:sesame@git.example.com/team/a.git?token=x', 'https://git.example.com/team/a.git'],
    ['git@git.example.com:team/a.git', 'ssh://git.example.com/team/a.git'],
    ['ssh://ali@git.example.com/a', 'ssh://git.example.com/a'],
    ['/home/ali/a', undefined],
    ['file:///home/ali/a', undefined],
  ])('is told without credentials: %s', (remote, told) => {
    expect(withoutCredentials(remote)).toBe(told);
  });
});
