import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { fullArchive, type ImageParts, partialArchive } from '../../../src/builder/image/image-archive.ts';
import { measureLayer } from '../../../src/builder/image/layer.ts';

const config = Buffer.from('{"os":"linux"}');
const configName = `${createHash('sha256').update(config).digest('hex')}.json`;

async function image(): Promise<ImageParts> {
  const layers = [await measureLayer('code', [{ path: '/a', content: Buffer.from('a'), mode: 0o644 }])];
  return { reference: 'nstack/x:1', config, below: ['sha256:aa', 'sha256:bb'], layers };
}

async function entriesOf(archive: Readable): Promise<ReadonlyMap<string, string>> {
  const entries = new Map<string, string>();
  const extracted = extract();
  archive.on('error', (error) => extracted.destroy(error)).pipe(extracted);
  for await (const entry of extracted) entries.set(entry.header.name, await text(Readable.from(entry)));
  return entries;
}

describe('a partial archive', () => {
  it('holds the config, the new layers and a manifest that names the layers below, which it leaves out', async () => {
    const parts = await image();
    const entries = await entriesOf(partialArchive(Promise.resolve(parts)));
    const own = `${parts.layers[0]?.diffId.slice('sha256:'.length)}/layer.tar`;
    expect([...entries.keys()]).toEqual(['layers/', configName, own, 'manifest.json']);
    expect(entries.get(configName)).toBe(config.toString());
    expect(JSON.parse(entries.get('manifest.json') ?? '')).toEqual([
      { Config: configName, RepoTags: ['nstack/x:1'], Layers: ['aa/layer.tar', 'bb/layer.tar', own] },
    ]);
  });
});

describe('a full archive', () => {
  it('adds the new layers to the saved ones, and speaks for the new image alone', async () => {
    const parts = await image();
    const saved = pack();
    for (const [name, content] of [
      ['blobs/sha256/aa', 'layer a'],
      ['blobs/sha256/bb', 'layer b'],
      ['index.json', '{}'],
      ['oci-layout', '{}'],
      ['repositories', '{}'],
      [
        'manifest.json',
        '[{"Config":"old.json","RepoTags":["nstack/layers:1"],"Layers":["blobs/sha256/aa","blobs/sha256/bb"]}]',
      ],
    ] as const)
      saved.entry({ name }, content);
    saved.entry({ name: 'link', type: 'symlink', linkname: 'blobs/sha256/aa' });
    saved.finalize();
    const entries = await entriesOf(fullArchive(parts, Readable.from(saved)));
    const own = `${parts.layers[0]?.diffId.slice('sha256:'.length)}/layer.tar`;
    expect([...entries.keys()]).toEqual([
      'blobs/sha256/aa',
      'blobs/sha256/bb',
      'link',
      configName,
      own,
      'manifest.json',
    ]);
    expect(entries.get('blobs/sha256/aa')).toBe('layer a');
    expect(JSON.parse(entries.get('manifest.json') ?? '')).toEqual([
      { Config: configName, RepoTags: ['nstack/x:1'], Layers: ['blobs/sha256/aa', 'blobs/sha256/bb', own] },
    ]);
  });

  it('fails where the saved image has no manifest', async () => {
    const saved = pack();
    saved.entry({ name: 'index.json' }, '{}');
    saved.finalize();
    await expect(entriesOf(fullArchive(await image(), Readable.from(saved)))).rejects.toMatchObject({
      code: 'build-failed',
    });
  });
});
