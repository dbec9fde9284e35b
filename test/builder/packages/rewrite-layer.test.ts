import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { extract, type Header, type Pack } from 'tar-stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tarStream } from '../../../src/builder/image/tar-entries.ts';
import { layerEntries } from '../../../src/builder/packages/rewrite/layer-entries.ts';
import { paxHeader, paxRecords } from '../../../src/builder/packages/rewrite/pax.ts';
import { rewriteLayer } from '../../../src/builder/packages/rewrite/rewrite-layer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Item {
  readonly header: Partial<Header> & { readonly name: string };
  readonly content?: Buffer | string;
  /** Extended attributes. */
  readonly xattrs?: Readonly<Record<string, Buffer>>;
}

function file(name: string, content: Buffer | string = name, more: Partial<Header> = {}): Item {
  return { header: { name, mtime: new Date(), uname: 'builder', gname: 'builder', ...more }, content };
}

function link(name: string, linkname: string, type: 'link' | 'symlink' = 'link'): Item {
  return { header: { name, linkname, type, mtime: new Date() } };
}

function folder(name: string, more: Partial<Header> = {}): Item {
  return { header: { name: `${name}/`, type: 'directory', mode: 0o755, mtime: new Date(), ...more } };
}

function add(tar: Pack, { header, content, xattrs }: Item): void {
  if (xattrs !== undefined) {
    const records = Object.entries(xattrs).map(([name, value]) => [`SCHILY.xattr.${name}`, value] as const);
    tar.push(paxHeader(new Map([['mtime', Buffer.from('1.5')], ...records]), 1));
  }
  if (content === undefined) tar.entry(header);
  else tar.entry(header, Buffer.from(content));
}

/** What is left of a layer with these entries: its bytes, which are undefined where nothing is. */
async function rewritten(items: readonly Item[]): Promise<Buffer | undefined> {
  const path = join(await temporaryFolder(), 'layer.tar');
  await pipeline(
    tarStream(async (tar) => {
      for (const item of items) add(tar, item);
    }),
    createWriteStream(path),
  );
  const handle = await open(path);
  onTestFinished(() => handle.close());
  const { size } = await handle.stat();
  const entries = await layerEntries({ path, handle }, { offset: 0, size });
  const layer = await rewriteLayer('os', { path, handle }, entries);
  if (layer === undefined) return undefined;
  const bytes = await buffer(layer.open());
  expect(bytes.length).toBe(layer.size);
  return bytes;
}

interface Found {
  readonly header: Header;
  readonly content: Buffer;
}

async function entriesOf(tar: Buffer | undefined): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  if (tar === undefined) return found;
  const extracted = extract();
  extracted.end(tar);
  for await (const entry of extracted) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    found.set(entry.header.name, { header: entry.header, content: Buffer.concat(chunks) });
  }
  return found;
}

async function pathsOf(items: readonly Item[]): Promise<readonly string[]> {
  return [...(await entriesOf(await rewritten(items))).keys()];
}

describe('a rewritten layer', () => {
  it('is in order of path, of one time, and knows users by number alone', async () => {
    const entries = await entriesOf(
      await rewritten([file('usr/b', 'b', { uid: 7, gid: 8, mode: 0o4755 }), folder('usr'), file('etc/a')]),
    );
    expect([...entries.keys()]).toEqual(['etc/a', 'usr/', 'usr/b']);
    for (const { header } of entries.values())
      expect(header).toMatchObject({
        uname: '',
        gname: '',
        mtime: new Date('1980-01-01T00:00:00Z'),
        pax: null,
      });
    expect(entries.get('usr/b')?.header).toMatchObject({ uid: 7, gid: 8, mode: 0o4755 });
  });

  it('is the same bytes whatever order and times its entries came in', async () => {
    const items = [folder('a'), file('a/b'), file('a/c'), link('d', 'a/b'), link('e', '/nowhere', 'symlink')];
    const first = await rewritten(items);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([0, 1, 2, 4], { minLength: 4 }),
        fc.date(),
        async (order, mtime) => {
          const others = [...order, 3].map((index) => items[index]).filter((item) => item !== undefined);
          const dated = others.map((item) => ({
            ...item,
            header: { ...item.header, mtime: new Date(Math.max(0, mtime.getTime() || 0)) },
          }));
          expect(await rewritten(dated)).toEqual(first);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('keeps names of any length and of any alphabet', async () => {
    const long = `usr/${'long/'.repeat(60)}end`;
    expect(await pathsOf([file(long), file('usr/Főtanúsítvány.crt'), link('usr/l', long)])).toEqual([
      'usr/Főtanúsítvány.crt',
      'usr/l',
      long,
    ]);
  });

  it('holds the content of a file with several names under the first of them', async () => {
    const one = [file('b/two', 'x'), link('a/one', 'b/two'), link('c/three', 'b/two')];
    const other = [file('a/one', 'x'), link('c/three', 'a/one'), link('b/two', 'a/one')];
    expect(await rewritten(one)).toEqual(await rewritten(other));
    const entries = await entriesOf(await rewritten(one));
    expect([...entries].map(([name, { header, content }]) => [name, header.type, `${content}`])).toEqual([
      ['a/one', 'file', 'x'],
      ['b/two', 'link', ''],
      ['c/three', 'link', ''],
    ]);
    expect(entries.get('c/three')?.header.linkname).toBe('a/one');
  });

  it('keeps a file of which the name that held the content is left out', async () => {
    const entries = await entriesOf(await rewritten([file('tmp/x', 'kept'), link('usr/x', 'tmp/x')]));
    expect([...entries].map(([name, { header, content }]) => [name, header.type, `${content}`])).toEqual([
      ['usr/x', 'file', 'kept'],
    ]);
  });

  it('keeps whiteouts, but for those of what is left out', async () => {
    const items = ['usr/.wh.gone', 'usr/lib/.wh..wh..opq', 'var/cache/.wh.ldconfig', 'tmp/.wh.x'].map(
      (name) => file(name, ''),
    );
    expect(await pathsOf(items)).toEqual(['usr/.wh.gone', 'usr/lib/.wh..wh..opq']);
  });

  it('keeps capabilities of programs, byte by byte, and no times beside them', async () => {
    const capability = Buffer.from('0100000280000000ff0a3d0000000000', 'hex');
    const long = `usr/bin/${'x'.repeat(120)}`;
    const bytes = await rewritten([
      { ...file('usr/bin/ping'), xattrs: { 'security.capability': capability } },
      { ...file(long), xattrs: { 'security.capability': capability } },
      file('usr/bin/plain'),
    ]);
    const entries = await entriesOf(bytes);
    expect([...entries.keys()]).toEqual(['usr/bin/ping', 'usr/bin/plain', long]);
    expect(Object.keys(entries.get('usr/bin/ping')?.header.pax ?? {}).sort()).toEqual([
      'SCHILY.xattr.security.capability',
      'path',
    ]);
    expect(`${entries.get(long)?.content}`).toBe(long);
    expect(paxRecords(bytes ?? Buffer.alloc(0)).get('SCHILY.xattr.security.capability')).toEqual(capability);
  });

  it.each([
    'var/log/dpkg.log',
    'var/cache/apt/pkgcache.bin',
    'var/cache/ldconfig/aux-cache',
    'var/cache/debconf/config.dat-old',
    'var/lib/apt/lists/deb.debian.org_Packages',
    'var/lib/dpkg/status-old',
    'var/lib/dpkg/lock-frontend',
    'etc/passwd-',
    'etc/.pwd.lock',
    'etc/resolv.conf',
    'etc/hosts',
    'etc/hostname',
    'etc/machine-id',
    'run/lock/x',
    'tmp/x',
    'root/.cache/pip/x',
    '.nstack/packages/pip.json',
  ])('leaves out %s', async (path) => {
    expect(await rewritten([file(path)])).toBeUndefined();
  });

  it.each([
    'var/lib/dpkg/status',
    'var/cache/debconf/config.dat',
    'etc/passwd',
    'var/lib/apt/extended_states',
    'running',
  ])('keeps %s', async (path) => {
    expect(await pathsOf([file(path)])).toEqual([path]);
  });

  it('keeps the folders of logs, which may belong to a user', async () => {
    const entries = await entriesOf(
      await rewritten([folder('var/log/db', { uid: 9 }), file('var/log/db/x')]),
    );
    expect([...entries.values()].map(({ header }) => [header.name, header.uid])).toEqual([
      ['var/log/db/', 9],
    ]);
  });

  it.each([0, 3])(
    'has bytecode that Python takes for that of the source as it is there now (flags %i)',
    async (flags) => {
      const header = Buffer.alloc(16);
      header.writeUInt32LE(flags, 4);
      header.writeUInt32LE(1_700_000_000, 8);
      header.writeUInt32LE(flags === 0 ? 5 : 99, 12);
      const name = 'usr/lib/python3/__pycache__/m.cpython-313.pyc';
      const entries = await entriesOf(
        await rewritten([
          file('usr/lib/python3/m.py', 'a = 1'),
          file(name, Buffer.concat([header, Buffer.from('code')])),
        ]),
      );
      const bytes = entries.get(name)?.content ?? Buffer.alloc(0);
      expect([4, 8, 12].map((at) => bytes.readUInt32LE(at))).toEqual([0, 315_532_800, 5]);
      expect(bytes.toString('latin1', 16)).toBe('code');
    },
  );
});

describe('records of an extended header', () => {
  it('are read as they were written, whatever bytes they hold', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-zA-Z.]{1,120}$/), fc.uint8Array({ maxLength: 1200 }), {
          maxKeys: 4,
        }),
        (records) => {
          const written = new Map(Object.entries(records).map(([key, value]) => [key, Buffer.from(value)]));
          expect(paxRecords(paxHeader(written, 1))).toEqual(written);
        },
      ),
    );
  });
});
