import { createHash } from 'node:crypto';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract, type Header } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { measureLayer } from '../../../src/builder/image/layer.ts';
import type { ImageFile } from '../../../src/stacks/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const files: readonly ImageFile[] = [
  { path: '/service/data/b.txt', content: Buffer.from('b'), mode: 0o755 },
  { path: '/service/a.txt', content: Buffer.from('a'), mode: 0o644 },
];

describe('a layer', () => {
  it('holds folders before what is in them, all owned by root and of one time', async () => {
    const layer = await measureLayer('code', files);
    const headers = await headersOf(layer.open());
    expect(headers.map(({ name, type, mode }) => [name, type, mode])).toEqual([
      ['service/', 'directory', 0o755],
      ['service/a.txt', 'file', 0o644],
      ['service/data/', 'directory', 0o755],
      ['service/data/b.txt', 'file', 0o755],
    ]);
    for (const { uid, gid, uname, gname, mtime } of headers)
      expect({ uid, gid, uname, gname, mtime }).toEqual({
        uid: 0,
        gid: 0,
        uname: '',
        gname: '',
        mtime: new Date('1980-01-01T00:00:00Z'),
      });
  });

  it('is the same bytes each time, whatever the order and the times of its files', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'a.txt');
    await writeFile(file, 'a');
    const fromDisk: readonly ImageFile[] = [
      { path: '/service/a.txt', content: { file }, mode: 0o644 },
      ...files.slice(0, 1),
    ];
    const first = await measureLayer('code', files);
    await utimes(file, 1, 1);
    const second = await measureLayer('code', fromDisk);
    expect(second.diffId).toBe(first.diffId);
    expect(await buffer(second.open())).toEqual(await buffer(first.open()));
  });

  it('says the size and the digest of its tar', async () => {
    const layer = await measureLayer('code', files);
    const bytes = await buffer(layer.open());
    expect(layer.size).toBe(bytes.length);
    expect(layer.diffId).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
  });

  it.each<[string, ImageFile]>([
    ['content', { path: '/service/a.txt', content: Buffer.from('A'), mode: 0o644 }],
    ['mode', { path: '/service/a.txt', content: Buffer.from('a'), mode: 0o755 }],
    ['path', { path: '/service/A.txt', content: Buffer.from('a'), mode: 0o644 }],
  ])('is another one with another %s', async (_, file) => {
    const one = await measureLayer('code', files.slice(1));
    const other = await measureLayer('code', [file]);
    expect(other.diffId).not.toBe(one.diffId);
  });

  it('takes names beyond the bounds of old tars', async () => {
    const path = `/service/${'long/'.repeat(80)}ünïcode.txt`;
    const layer = await measureLayer('code', [{ path, content: Buffer.from('x'), mode: 0o644 }]);
    expect((await headersOf(layer.open())).at(-1)?.name).toBe(path.slice(1));
  });

  it('fails where a file cannot be read', async () => {
    const missing = measureLayer('code', [
      { path: '/service/x', content: { file: '/nowhere/x' }, mode: 0o644 },
    ]);
    await expect(missing).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});

async function headersOf(tar: Readable): Promise<readonly Header[]> {
  const headers: Header[] = [];
  for await (const entry of tar.pipe(extract())) {
    headers.push(entry.header);
    entry.resume();
  }
  return headers;
}
