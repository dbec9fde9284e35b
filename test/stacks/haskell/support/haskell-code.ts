import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parseManifest } from '../../../../src/manifest/index.ts';
import { readHaskellCode } from '../../../../src/stacks/haskell/read-code.ts';
import type { ServiceFolder } from '../../../../src/stacks/index.ts';

/** A folder with a Haskell service, gone when the test ends; the paths of its places begin with `shop/`. */
export async function haskellFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  manifest = 'api: "f: Text -> Text"',
): Promise<ServiceFolder> {
  const root = await mkdtemp(join(tmpdir(), 'read-haskell-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const parsed = parseManifest(`name: A\nstack: haskell\n${manifest}\n`, 'nstack.yaml');
  if (parsed.manifest === undefined) throw new Error('the test manifest is wrong');
  return { root, manifest: parsed.manifest, manifestFile: 'shop/nstack.yaml' };
}

/** What Service.hs says of itself, beside other files. */
export async function readHaskell(code: string | Uint8Array, files: Readonly<Record<string, string>> = {}) {
  return readHaskellCode(await haskellFolder({ 'Service.hs': code, ...files }));
}
