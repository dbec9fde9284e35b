import { execFile } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../builder/support/temporary-folder.ts';
import { root } from '../support/nstack.ts';

/** Tells of libraries that were installed where `locked` is there, perhaps. Answers what there is to read of them. */
async function tell(installed: string, locked?: string): Promise<unknown> {
  const folder = await temporaryFolder();
  const script = join(folder, 'tell-installed.sh');
  await copyFile(join(root, 'templates/parts/tell-installed.sh'), script);
  await writeFile(join(folder, 'list'), installed);
  if (locked !== undefined) await writeFile(join(folder, 'locked'), locked);
  await promisify(execFile)('sh', [script, 'maven', join(folder, 'list'), join(folder, 'out')]);
  return JSON.parse(await readFile(join(folder, 'out/maven.json'), 'utf8'));
}

const list = 'org.a:b:jar:linux 1.0 aa\norg.c:d 2 bb\n';

describe('what a build step says of the packages that it installed', () => {
  it('is a list of names, versions and digests', async () => {
    expect(await tell(list)).toEqual([
      { name: 'org.a:b:jar:linux', version: '1.0', hashes: ['sha256:aa'] },
      { name: 'org.c:d', version: '2', hashes: ['sha256:bb'] },
    ]);
    expect(await tell('')).toEqual([]);
  });

  it('is said where it is just what is locked', async () => {
    expect(await tell(list, list)).toHaveLength(2);
  });

  it('is a failure with both lines where something else is locked', async () => {
    await expect(tell(list, 'org.a:b:jar:linux 1.0 aa\norg.c:d 1 bb\n')).rejects.toMatchObject({
      code: 1,
      stdout: 'nstack: locked maven org.c:d 1 bb\nnstack: found maven org.c:d 2 bb\n',
    });
  });
});
