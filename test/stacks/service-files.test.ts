import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeFile, namedFiles } from '../../src/stacks/service-files.ts';
import { manifestWith, serviceFolder } from './support/service-folder.ts';

describe('the files of a service', () => {
  it('stand below the work folder of the image, in order of path', async () => {
    const folder = await serviceFolder({
      ...manifestWith('files: [data, "*.txt"]'),
      'data/b.csv': 'b',
      'data/a.csv': 'a',
      'words.txt': 'w',
    });
    const files = await namedFiles(folder, '/service');
    expect(files.map(({ path }) => path)).toEqual([
      '/service/data/a.csv',
      '/service/data/b.csv',
      '/service/words.txt',
    ]);
  });

  it('keep of their modes whether they can be run, and nothing else', async () => {
    const folder = await serviceFolder({
      ...manifestWith('files: [bin]'),
      'bin/tool': '#!/bin/sh\n',
      'bin/secret': 's',
    });
    await chmod(join(folder.root, 'bin/tool'), 0o711);
    await chmod(join(folder.root, 'bin/secret'), 0o600);
    const files = await namedFiles(folder, '/service');
    expect(files.map(({ path, mode }) => [path, mode])).toEqual([
      ['/service/bin/secret', 0o644],
      ['/service/bin/tool', 0o755],
    ]);
  });

  it('fail to be found where a glob matches nothing', async () => {
    const folder = await serviceFolder(manifestWith('files: ["*.parquet"]'));
    await expect(namedFiles(folder, '/service')).rejects.toMatchObject({ code: 'file-missing' });
  });
});

describe('the code of a service', () => {
  it('must be there, and the error says how to name it otherwise', async () => {
    const folder = await serviceFolder({ 'service.py': undefined });
    await expect(codeFile(folder, 'service.py', '/service')).rejects.toMatchObject({
      code: 'file-missing',
      hint: expect.stringContaining('entry'),
    });
  });

  it('must stand in the folder of the service, also where it is a link', async () => {
    const folder = await serviceFolder({ 'service.py': undefined });
    await symlink('/etc/hostname', join(folder.root, 'service.py'));
    await expect(codeFile(folder, 'service.py', '/service')).rejects.toMatchObject({
      code: 'file-unreadable',
    });
  });
});
