import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { initService } from '../../src/builder/init.ts';
import { readManifest } from '../../src/manifest/index.ts';
import { checkService, stackFor } from '../../src/stacks/index.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

describe('a new service', () => {
  it('is a manifest that points editors at the schema, and code that keeps its API', async () => {
    const root = join(await temporaryFolder(), 'new/folder');
    const written = await initService(root, 'acme/Demo.Greeter', stackFor('python'));
    expect([...written].sort()).toEqual((await readdir(root)).sort());
    expect(await readFile(join(root, 'nstack.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=https:/,
    );
    const { manifest, file } = await readManifest(root);
    expect(manifest.name).toBe('acme/Demo.Greeter');
    expect(await checkService({ root, manifest, manifestFile: file })).toEqual([]);
  });

  it('overwrites nothing', async () => {
    const root = await temporaryFolder();
    await writeFile(join(root, 'service.py'), 'mine');
    await expect(initService(root, 'Greeter', stackFor('python'))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('service.py'),
    });
    expect(await readdir(root)).toEqual(['service.py']);
    expect(await readFile(join(root, 'service.py'), 'utf8')).toBe('mine');
  });
});
