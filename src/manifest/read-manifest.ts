import { open } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Diagnostic, NstackError } from '../core/index.ts';
import { largestManifest, manifestText, tooLarge } from './decode-source.ts';
import type { Manifest } from './manifest.ts';
import { parseManifest } from './parse-manifest.ts';

export const manifestName = 'nstack.yaml';

/**
 * Reads and checks the nstack.yaml of a service folder. `file` is its path as the user would type it. Fails with `file-missing`,
 * `file-unreadable`, or with `manifest-invalid`, which carries every fault.
 */
export async function readManifest(
  folder: string,
): Promise<{ readonly manifest: Manifest; readonly file: string; readonly text: string }> {
  const path = join(folder, manifestName);
  const shown = relative(process.cwd(), path);
  const file = shown === '' || shown.startsWith('..') ? path : shown;
  const bytes = await readBounded(path, file, folder);
  const { manifest, diagnostics } = parseManifest(bytes, file);
  if (manifest === undefined) throw invalid(file, diagnostics);
  return { manifest, file, text: bytes.toString('utf8') };
}

function invalid(file: string, diagnostics: readonly Diagnostic[]): NstackError {
  const count = diagnostics.length === 1 ? 'one fault' : `${diagnostics.length} faults`;
  return new NstackError('manifest-invalid', `${file} has ${count}`, { diagnostics });
}

/** The file's bytes; its size is asked before anything is read, and no more is read than it may have. */
async function readBounded(path: string, file: string, folder: string): Promise<Buffer> {
  try {
    await using handle = await open(path, 'r');
    const info = await handle.stat();
    if (!info.isFile()) throw new NstackError('file-unreadable', `${file} is no ordinary file`);
    if (info.size > largestManifest) throw invalid(file, [tooLarge(file, info.size, manifestText)]);
    const buffer = Buffer.alloc(info.size);
    const { bytesRead } = await handle.read(buffer, 0, info.size, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (error instanceof NstackError) throw error;
    throw unreadable(error, file, folder);
  }
}

function unreadable(error: unknown, file: string, folder: string): NstackError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new NstackError('file-missing', `there is no ${manifestName} in ${folder}`, {
      hint: 'go to the folder of a service, or make a new one with: nstack init',
      cause: error,
    });
  }
  return new NstackError(
    'file-unreadable',
    `${file} cannot be read: ${error instanceof Error ? error.message : error}`,
    {
      cause: error,
    },
  );
}
