import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { reachSnapshot, snapshotMirror } from '../../../src/builder/lock/snapshot.ts';
import { serveDebianArchive } from './support/debian-archive.ts';

const time = '20261130T062200Z';
const reach = (mirror: string, signal = new AbortController().signal) =>
  reachSnapshot(time, { env: { NSTACK_DEBIAN_SNAPSHOT: mirror }, signal });

/** A host that takes connections and says nothing, or something that is no HTTP. */
async function serveWords(words: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write(words);
    onTestFinished(() => void socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

describe("Debian's archive", () => {
  it('is there at a time where its mirror answers', async () => {
    const { mirror } = await serveDebianArchive();
    expect(await reach(`${mirror}//`)).toEqual({ mirror, time });
  });

  it.each([
    ['says nothing', ''],
    ['never ends what it says', 'HTTP/1.1 200'],
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n\r\n'],
    ['has nothing of that time', 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'],
  ])('is not there within about two seconds where its mirror %s', async (_, words) => {
    const mirror = await serveWords(words);
    const before = performance.now();
    expect(await reach(mirror)).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(3_000);
  });

  it('is not there where nobody listens, or where the address is none', async () => {
    expect(await reach('http://127.0.0.1:1')).toBeUndefined();
    expect(await reach('not an address')).toBeUndefined();
  });

  it('is waited for no longer than the build goes on', async () => {
    const stopped = new AbortController();
    const reached = reach(await serveWords(''), stopped.signal);
    stopped.abort(new Error('stopped'));
    await expect(reached).rejects.toThrow('stopped');
  });

  it("is Debian's own where no mirror is named", () => {
    expect(snapshotMirror({ NSTACK_DEBIAN_SNAPSHOT: '' })).toBe('https://snapshot.debian.org');
  });
});
