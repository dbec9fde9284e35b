import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expandFiles } from '../../src/manifest/index.ts';

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'nstack-files-')));
  for (const path of [
    'b.txt',
    'a.txt',
    'B.txt',
    'data/x.bin',
    'data/deep/y.bin',
    'data/.hidden',
    '.git/config',
    '.nstack/lock',
    'node_modules/m/i.js',
    'data/node_modules/n.js',
    'with space/[x].txt',
  ]) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), path);
  }
});
afterEach(() => rm(root, { recursive: true }));

const pathsOf = async (...globs: string[]) => (await expandFiles(root, globs)).map(({ path }) => path);
const faultsOf = async (...globs: string[]) => {
  const error: unknown = await expandFiles(root, globs).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'file-missing' });
  return (error as { diagnostics: { message: string }[] }).diagnostics.map(({ message }) =>
    message.replaceAll(root, 'ROOT'),
  );
};

test.each([
  [['*.txt'], ['B.txt', 'a.txt', 'b.txt']],
  [
    ['b.txt', '*.txt', 'a.txt'],
    ['B.txt', 'a.txt', 'b.txt'],
  ],
  [['data/*.bin'], ['data/x.bin']],
  [['data/**'], ['data/deep/y.bin', 'data/x.bin']],
  [['**/*.{bin,txt}'], ['B.txt', 'a.txt', 'b.txt', 'data/deep/y.bin', 'data/x.bin', 'with space/[x].txt']],
  [['data'], ['data/.hidden', 'data/deep/y.bin', 'data/x.bin']],
  [['data/'], ['data/.hidden', 'data/deep/y.bin', 'data/x.bin']],
  [['data/.*'], ['data/.hidden']],
  [['with space/*'], ['with space/[x].txt']],
  [['with space/[x].txt'], ['with space/[x].txt']],
  [['{a,b}.txt'], ['a.txt', 'b.txt']],
  [['[ab].txt'], ['a.txt', 'b.txt']],
  [['?.txt'], ['B.txt', 'a.txt', 'b.txt']],
  [['./a.txt'], ['a.txt']],
  [['./data/*.bin'], ['data/x.bin']],
])('%j means %j', async (globs, paths) => {
  expect(await pathsOf(...globs)).toEqual(paths);
});

test('a file comes with its absolute path and its size', async () => {
  expect(await expandFiles(root, ['a.txt'])).toEqual([
    { path: 'a.txt', absolute: join(root, 'a.txt'), size: 5 },
  ]);
});

test('no globs are no files', async () => {
  expect(await expandFiles(root, [])).toEqual([]);
});

test('every glob that matches nothing is told', async () => {
  expect(await faultsOf('*.csv', 'a.txt', 'none.bin', 'empty/**')).toEqual([
    'files: "*.csv" matches nothing in ROOT',
    'files: "none.bin" matches nothing in ROOT',
    'files: "empty/**" matches nothing in ROOT',
  ]);
});

test.each(['../x', '/etc/passwd', 'data/../../x', '!a.txt'])('%s is refused', async (glob) => {
  expect((await faultsOf(glob))[0]).toContain(JSON.stringify(glob));
});

test.each(['.git/config', '.git/**', 'node_modules/m/i.js', 'data/node_modules/n.js', '.nstack'])(
  '%s stays outside',
  async (glob) => {
    await faultsOf(glob);
  },
);

test('a link that leads out of the folder is refused, whatever the way to it', async () => {
  await symlink('/etc/hostname', join(root, 'out.txt'));
  await symlink('/etc', join(root, 'etc'));
  await symlink('..', join(root, 'data/up'));
  expect(await faultsOf('out.txt')).toEqual([
    'files: out.txt is a link that leads out of the folder of nstack.yaml',
  ]);
  expect(await faultsOf('*.txt')).toContain(
    'files: out.txt is a link that leads out of the folder of nstack.yaml',
  );
  expect(await faultsOf('etc')).toEqual(['files: etc is a link that leads out of the folder of nstack.yaml']);
  expect(await faultsOf('etc/*')).toEqual([
    'files: etc is a link that leads out of the folder of nstack.yaml',
  ]);
  expect(await faultsOf('etc/hostname')).toEqual([
    'files: etc/hostname is a link that leads out of the folder of nstack.yaml',
  ]);
  expect(await faultsOf('data/**')).toEqual(['files: data/up is a link to a folder: name the folder itself']);
});

test('a link within the folder counts as the file it leads to', async () => {
  await symlink('a.txt', join(root, 'link.txt'));
  expect(await expandFiles(root, ['link.txt'])).toEqual([
    { path: 'link.txt', absolute: join(root, 'a.txt'), size: 5 },
  ]);
});

test('a link that leads nowhere is told', async () => {
  await symlink('gone', join(root, 'link.bin'));
  expect(await faultsOf('link.bin')).toEqual(['files: link.bin is a link that leads nowhere']);
});

test('a link into a folder that never goes in is refused', async () => {
  await symlink('.git/config', join(root, 'config'));
  expect((await faultsOf('config'))[0]).toContain('files: config lies in one of .git');
});

test('a pipe is no file', async () => {
  execFileSync('mkfifo', [join(root, 'pipe')]);
  expect(await faultsOf('pipe')).toEqual(['files: pipe is no ordinary file']);
});
