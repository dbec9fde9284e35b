import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readManifest } from '../../../../src/manifest/index.ts';
import type { ServiceFolder } from '../../../../src/stacks/index.ts';

/** A Java service's folder on disk; the paths of its places are as if one stood in it. */
export async function javaService(
  api: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<ServiceFolder & AsyncDisposable> {
  const root = await mkdtemp(join(tmpdir(), 'java-service-'));
  const all = { 'nstack.yaml': `name: A\nstack: java\napi: |\n  ${api}\n`, ...files };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const { manifest } = await readManifest(root);
  return {
    root,
    manifest,
    manifestFile: 'nstack.yaml',
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
