import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** Bytes of a request that is one: the token, a blank, a name, a line end. */
const longestRequest = 256;

/**
 * Gives secrets to the steps of a build for as long as `work` takes: on 127.0.0.1, which the steps share with this machine, to whoever knows a token of 32 random
 * bytes. `work` gets `PORT/TOKEN`. A request is `TOKEN NAME` and a line end, the answer the size in bytes, a line end, and the value (templates/secrets/fetch.sh asks).
 */
export async function serveSecrets<T>(
  secrets: Readonly<Record<string, string>>,
  work: (address: string) => Promise<T>,
): Promise<T> {
  const token = randomBytes(32).toString('hex');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    let request = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      request += text;
      if (request.includes('\n')) answer(socket, request.slice(0, request.indexOf('\n')));
      else if (request.length > longestRequest) socket.destroy();
    });
  });
  function answer(socket: Socket, request: string): void {
    const [said = '', name = ''] = request.split(' ');
    const value = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    if (value === undefined || !isSame(said, token)) socket.destroy();
    else socket.end(Buffer.from(`${Buffer.byteLength(value)}\n${value}`));
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    return await work(`${port}/${token}`);
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
