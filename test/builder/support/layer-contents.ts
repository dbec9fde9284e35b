import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';

/** What a tar holds, by path: type, owner, mode, links and digest of the content, as one text each. */
export async function tarContents(tar: Readable): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const entries = extract();
  tar.on('error', (error) => entries.destroy(error));
  tar.pipe(entries);
  for await (const entry of entries) {
    const { name, type, mode, uid, gid, linkname, mtime, pax } = entry.header;
    const hash = createHash('sha256');
    for await (const chunk of entry) hash.update(chunk as Buffer);
    const about = [type, mode, uid, gid, linkname, mtime?.getTime(), JSON.stringify(pax)];
    found.set(name, [...about, hash.digest('hex')].join(' '));
  }
  return found;
}

/** The paths that differ between two tars, with a sign each: only in the first, only in the second, or in both. */
export function differingPaths(
  first: ReadonlyMap<string, string>,
  second: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = [...new Set([...first.keys(), ...second.keys()])].sort();
  return paths
    .filter((path) => first.get(path) !== second.get(path))
    .map((path) => `${first.has(path) ? (second.has(path) ? '~' : '-') : '+'} ${path}`);
}
