import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readManifest } from '../../../src/manifest/index.ts';
import type { ServiceFolder } from '../../../src/stacks/index.ts';

const service = {
  'nstack.yaml': 'name: Greeter\nstack: python\napi: |\n  greet : Text -> Text\n',
  'service.py': 'def greet(name: str) -> str:\n    return "Hello, " + name\n',
};

/** A service's folder on disk, gone when the test ends. `files` adds to a small service that builds as it stands, or replaces parts of it. */
export async function serviceFolder(
  files: Readonly<Record<string, string | undefined>> = {},
): Promise<ServiceFolder> {
  const root = await mkdtemp(join(tmpdir(), 'nstack-test-service-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await writeFiles(root, { ...service, ...files });
  return readFolder(root);
}

export async function writeFiles(
  root: string,
  files: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    if (content === undefined) continue;
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

export async function readFolder(root: string): Promise<ServiceFolder> {
  const { manifest, file } = await readManifest(root);
  return { root, manifest, manifestFile: file };
}

/** The manifest's text with more lines. */
export function manifestWith(...lines: readonly string[]): { readonly 'nstack.yaml': string } {
  return { 'nstack.yaml': `${service['nstack.yaml']}${lines.join('\n')}\n` };
}
