import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '../../../src/manifest/index.ts';
import type { ServiceFolder } from '../../../src/stacks/index.ts';
import { imports, type Mismatch } from './mismatches.ts';

/** A service folder on disk; the paths of its places are `nstack.yaml` and `service.py`, as if one stood in it. */
export async function writeService(
  files: Readonly<Record<string, string>>,
): Promise<ServiceFolder & AsyncDisposable> {
  const root = await mkdtemp(join(tmpdir(), 'contract-'));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(root, name), text)));
  const { manifest } = await readManifest(root);
  return {
    root,
    manifest,
    manifestFile: 'nstack.yaml',
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

export function filesOf({ api, code }: Pick<Mismatch, 'api' | 'code'>): Readonly<Record<string, string>> {
  return {
    'nstack.yaml': `name: Mismatch\nstack: python\napi: |\n  ${api}\n`,
    'service.py': `${imports}${code}\n`,
  };
}
