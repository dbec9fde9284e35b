import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nstack, root } from './nstack.ts';

/**
 * Builds the service of a folder of this repository (`test/fixtures/services/trouble`) under a name that no other test file uses: files run side by side, and each
 * may count and kill the containers of its own. It is a snapshot, whatever its folder says, so that an image of before is none too many. Throws what the build said where it failed.
 */
export async function buildAs(name: string, path: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'nstack-fixture-'));
  try {
    await cp(join(root, path), folder, { recursive: true });
    const manifest = join(folder, 'nstack.yaml');
    const text = await readFile(manifest, 'utf8');
    const snapshot = text.replace(/^version: .*\n/m, '');
    await writeFile(manifest, snapshot.replace(/^name: .*$/m, `name: ${name}`));
    const { code, stderr } = await nstack(['build'], { cwd: folder });
    if (code !== 0) throw new Error(stderr);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
