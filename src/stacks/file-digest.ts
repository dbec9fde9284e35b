import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ImageFile } from './stack.ts';

/** A file's path, mode and SHA-256 as one line, for keys. */
export async function fileDigest({ path, content, mode }: ImageFile): Promise<string> {
  const bytes = content instanceof Uint8Array ? content : await readFile(content.file);
  return `${path} ${mode} ${createHash('sha256').update(bytes).digest('hex')}`;
}
