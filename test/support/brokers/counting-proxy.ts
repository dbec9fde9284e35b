import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What has gone through to a registry. */
export interface CountingProxy {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** Method and path of each request since the last `reset`. */
  readonly requests: string[];
  /** Bytes that clients have sent since then, handshakes and headers included. */
  sentBytes(): number;
  reset(): void;
}

/** An HTTP proxy before a registry on this machine. Whoever starts it must close it. */
export async function runCountingProxy(target: string): Promise<CountingProxy & { close(): void }> {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  let before = 0;
  const sum = () => [...sockets].reduce((bytes, { bytesRead }) => bytes + bytesRead, 0);
  const server = createServer((incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    const [host, port] = target.split(':');
    const { method, url: path, headers } = incoming;
    const passed = httpRequest({ host, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sentBytes: () => sum() - before,
    reset() {
      before = sum();
      requests.length = 0;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
