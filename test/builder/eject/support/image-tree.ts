import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { extract } from 'tar-stream';
import { isLeftOut } from '../../../../src/builder/packages/rewrite/left-out.ts';

/**
 * What holds times, or differs from build to build: compiled Python has the time of its source in it; caches and archives are made anew, and GHC gives a
 * program other names inside each time its libraries are compiled.
 */
const differing =
  /^(?:etc\/ld\.so\.cache|etc\/ssl\/certs\/java\/cacerts|nstack\/java\/service\.jsa|service\/service|var\/cache\/.*|var\/lib\/dpkg\/.*)$|\.pyc$/;

/** The file tree of an image as a container of it sees it: kind, mode, owner, and content by digest, by path. Times are left out. */
export async function imageTree(image: string): Promise<Readonly<Record<string, string>>> {
  const { stdout: id } = await promisify(execFile)('docker', ['create', image]);
  try {
    const exported = spawn('docker', ['export', id.trim()], { stdio: ['ignore', 'pipe', 'inherit'] });
    const entries = extract();
    exported.stdout.pipe(entries);
    const tree: Record<string, string> = {};
    for await (const entry of entries) {
      const { name, type, mode = 0, uid, gid, linkname } = entry.header;
      const hash = createHash('sha256');
      await pipeline(entry, hash);
      const path = name.replace(/\/$/, '');
      if (differing.test(path) || isLeftOut({ path, type: String(type) })) continue;
      const what = type === 'file' ? hash.digest('hex').slice(0, 16) : (linkname ?? '');
      tree[name] = `${type} ${mode.toString(8)} ${uid}:${gid} ${what}`;
    }
    return tree;
  } finally {
    await promisify(execFile)('docker', ['rm', '-f', id.trim()]);
  }
}
