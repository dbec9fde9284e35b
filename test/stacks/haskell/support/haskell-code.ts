import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parseManifest } from '../../../../src/manifest/index.ts';
import { readHaskellCode } from '../../../../src/stacks/haskell/read-code.ts';
import type { CodeType, ServiceFolder } from '../../../../src/stacks/index.ts';

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

/** A type as a short text: `optional(integer)`. */
export function showType(type: CodeType): string {
  switch (type.kind) {
    case 'known':
      return type.type.kind;
    case 'open':
      return `open ${type.shape}`;
    case 'unsupported':
      return `unsupported: ${type.reason}`;
    case 'list':
    case 'map':
    case 'optional':
      return `${type.kind}(${showType(type.item)})`;
    case 'tuple':
      return `tuple(${type.items.map(showType).join(', ')})`;
    case 'record':
      return `{${type.fields.map((field) => `${field.name}: ${showType(field.type)}`).join(', ')}}`;
    case 'sum':
      return type.cases.map((one) => `${one.name} ${showType(one.type)}`).join(' | ');
    default:
      return type.kind;
  }
}
