import { relative } from 'node:path';
import { NstackError } from '../../core/index.ts';
import { readSmallFile, systemCode } from '../../core/read-small-file.ts';
import { largestManifest } from '../../manifest/decode-source.ts';
import type { Policy } from './policy.ts';
import type { PolicyFile } from './policy-file.ts';

/**
 * The policy of a machine; undefined where there is none. Fails with `policy-invalid`, which carries every fault, or where one that somebody named
 * is not there: what cannot be read must never count as no policy.
 */
export async function loadPolicy({ path, named }: PolicyFile): Promise<Policy | undefined> {
  const shown = relative(process.cwd(), path);
  const file = shown === '' || shown.startsWith('..') ? path : shown;
  let bytes: Uint8Array;
  try {
    const read = await readSmallFile(path, largestManifest);
    if (typeof read === 'number') throw new Error(`it has ${read} bytes`);
    bytes = read.bytes;
  } catch (cause) {
    const code = systemCode(cause);
    if (!named && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new NstackError('policy-invalid', `the policy ${file} cannot be read: ${why}`, { cause });
  }
  const { parsePolicy } = await import('./parse-policy.ts');
  const { policy, diagnostics } = await parsePolicy(bytes, { path, file });
  if (diagnostics.length === 0) return policy;
  const count = diagnostics.length === 1 ? 'one fault' : `${diagnostics.length} faults`;
  throw new NstackError('policy-invalid', `${file} has ${count}`, { diagnostics });
}
