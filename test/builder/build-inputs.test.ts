import { rename } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type BuildInputs, measureInputs } from '../../src/builder/build-inputs.ts';
import { wholeDigest } from '../../src/builder/input-digests.ts';
import { stackFor } from '../../src/stacks/index.ts';
import { manifestWith, readFolder, serviceFolder, writeFiles } from '../stacks/support/service-folder.ts';

async function inputs(files: Readonly<Record<string, string>> = {}) {
  const folder = await serviceFolder(files);
  return measureInputs(folder, await stackFor('python').recipe(folder));
}

function digest({ parts, layers }: BuildInputs, baseId = 'base'): string {
  return wholeDigest(parts, layers, { baseId, locked: undefined });
}

describe('the digest of what goes into an image', () => {
  it('is the same for the same folder anywhere, and for remarks in nstack.yaml', async () => {
    const one = await inputs();
    expect(digest(await inputs())).toBe(digest(one));
    expect(digest(await inputs(manifestWith('# a remark')))).toBe(digest(one));
  });

  it('is another one on another base, of the same source', async () => {
    const one = await inputs();
    expect(digest(one, 'another')).not.toBe(digest(one));
    expect((await inputs()).source).toBe(one.source);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['code', { 'service.py': 'def greet(name: str) -> str:\n    return name\n' }],
    ['a limit', manifestWith('limits: { memory: 1GiB }')],
    ['a package', manifestWith('packages: [libsvm]')],
    ['a variable', manifestWith('env: { A: b }')],
    ['a requirement', { 'requirements.txt': 'idna\n' }],
    ['a file', { ...manifestWith('files: [a.txt]'), 'a.txt': 'a' }],
  ])('is another one with %s, and so is the source', async (_, files) => {
    const one = await inputs();
    const other = await inputs(files);
    expect(digest(other)).not.toBe(digest(one));
    expect(other.source).not.toBe(one.source);
  });

  it('says of a folder that has not changed what nstack 0.1.0 said, or every release would be refused as another', async () => {
    const folder = await serviceFolder({
      'nstack.yaml':
        'name: Greeter\nversion: 1.0.0\nstack: python\napi: |\n  greet : Text -> Text\npackages: [libsvm, "pip:humanize>=4"]\nfiles: [words.txt]\n',
      'requirements.txt': 'idna\n',
      'words.txt': 'hello\n',
    });
    const { source } = await measureInputs(folder, await stackFor('python').recipe(folder));
    expect(source).toBe('sha256:0971e8ba0e3508ff1d7e6ab79f26cd7310d3674da346f4b46315291221cfa60f');
  });

  it('follows the content of files, and what they are called', async () => {
    const folder = await serviceFolder({ ...manifestWith('files: [data]'), 'data/a.txt': 'a' });
    const digestNow = async () => {
      const again = await readFolder(folder.root);
      return digest(await measureInputs(again, await stackFor('python').recipe(again)));
    };
    const first = await digestNow();
    await writeFiles(folder.root, { 'data/a.txt': 'b' });
    const second = await digestNow();
    await rename(`${folder.root}/data/a.txt`, `${folder.root}/data/b.txt`);
    expect(new Set([first, second, await digestNow()]).size).toBe(3);
  });
});
