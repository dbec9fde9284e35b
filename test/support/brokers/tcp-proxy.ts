import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a port of this machine that can be cut, and made to swallow everything. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that were made through it so far. */
  readonly connections: number;
  /** Cuts what is connected at once; new connections are let through. The target is told `late` milliseconds after. */
  cut(late?: number): void;
  /** From now on nothing passes, in both directions, and nobody is told, as when a cable is out. */
  freeze(): void;
  /** What was frozen passes again, from the byte where it stopped. */
  thaw(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const frozen = new Set<readonly [Socket, Socket]>();
  const late = new Set<Socket>();
  let connections = 0;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    connections++;
    const end = () => {
      near.destroy();
      if (!late.has(far)) far.destroy();
      pairs.delete(pair);
      frozen.delete(pair);
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    cut(milliseconds) {
      for (const [near, far] of pairs) {
        if (milliseconds !== undefined) {
          late.add(far);
          setTimeout(() => far.destroy(), milliseconds);
        }
        near.resetAndDestroy();
      }
    },
    freeze() {
      for (const pair of pairs) {
        for (const socket of pair) socket.unpipe().pause();
        frozen.add(pair);
      }
      pairs.clear();
    },
    thaw() {
      for (const pair of frozen) {
        const [near, far] = pair;
        near.pipe(far).pipe(near);
        pairs.add(pair);
      }
      frozen.clear();
    },
    async close() {
      for (const [near, far] of [...pairs, ...frozen]) {
        near.destroy();
        far.destroy();
      }
      for (const far of late) far.destroy();
      server.close();
    },
  };
}
