import type { Socket } from 'node:net';

const lineFeed = 0x0a;
const mostBytes = 64 * 1024;

/** The first line that comes, without its line feed; undefined where the connection ends before, or the line has more than 64 KiB. What comes behind it is dropped. */
export function firstLine(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let held = Buffer.alloc(0);
    const end = () => resolve(undefined);
    if (socket.closed) return end();
    socket.once('close', end).on('data', onData);

    function onData(chunk: Buffer): void {
      held = Buffer.concat([held, chunk]);
      const at = held.indexOf(lineFeed);
      if (at < 0 && held.length <= mostBytes) return;
      // The rest is read, and dropped: the end of the connection is seen by reading.
      socket.off('data', onData).off('close', end).resume();
      resolve(at < 0 ? undefined : held.toString('utf8', 0, at));
    }
  });
}
