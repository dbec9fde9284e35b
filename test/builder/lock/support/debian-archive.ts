import { once } from 'node:events';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';

export interface DebianArchive {
  /** For NSTACK_DEBIAN_SNAPSHOT. */
  readonly mirror: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
}

/**
 * Stands in for snapshot.debian.org, which is slow and not to be reached from everywhere: whatever the time, it hands on what Debian's usual mirrors have. Its `trixie-updates` is the
 * whole of bookworm, so that it has older versions than they do, with Debian's own signatures.
 */
export async function serveDebianArchive(): Promise<DebianArchive> {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const [, part, rest = ''] = /^\/archive\/(debian|debian-security)\/\d{8}T\d{6}Z\/(.*)$/.exec(url) ?? [];
    const there = part === 'debian' ? rest.replace(/^dists\/trixie-updates\//, 'dists/bookworm/') : rest;
    const host = part === 'debian' ? 'deb.debian.org' : 'security.debian.org';
    if (part === undefined) response.writeHead(404);
    else response.writeHead(302, { location: `http://${host}/${part}/${there}` });
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return {
    mirror: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    asked,
  };
}
