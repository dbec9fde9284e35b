import { chmod, rename, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, ListenOptions } from 'node:net';
import { dirname, join } from 'node:path';
import { NstackError } from '../core/index.ts';
import { answerError } from './answer.ts';
import { refuseConnection } from './refuse-connection.ts';
import { statusOf } from './request-error.ts';
import { createRouter, type Route } from './router.ts';
import type { TcpAddress } from './tcp-address.ts';
import { createGuard, type Guard } from './tcp-guard.ts';

export interface GatewayOptions {
  readonly routes: readonly Route[];
  /** Told of errors that are defects of ours. */
  onDefect(error: unknown): void;
  /** Milliseconds in which a request must have come whole, so that one that trickles holds nothing. */
  readonly requestTimeout?: number;
}

/** The supervisor's HTTP face: the same calls on every address that it listens on. */
export interface Gateway {
  /** Takes the place of a socket that a dead supervisor left; whoever calls this holds the state folder's lock. Answers `unix:PATH`. */
  listenUnix(path: string): Promise<string>;
  /** Each request needs the token. Answers `http://HOST:PORT`. */
  listenTcp(address: TcpAddress, token: string): Promise<string>;
  /** Ends streams of events, lets answers that are being written arrive, and removes the socket. */
  close(): Promise<void>;
}

const mostConnections = 512;
/** Milliseconds that answers may take to arrive when the gateway closes. */
const closingGrace = 1_000;

interface OwnSocket {
  readonly path: string;
  readonly inode: number;
}

export function createGateway({ routes, onDefect, requestTimeout = 30_000 }: GatewayOptions): Gateway {
  const find = createRouter(routes);
  const servers: Server[] = [];
  const answering = new Set<ServerResponse>();
  let socket: OwnSocket | undefined;

  async function serve(request: IncomingMessage, response: ServerResponse, trusted: boolean, guard: Guard) {
    const gone = new AbortController();
    answering.add(response);
    response.once('close', () => {
      answering.delete(response);
      gone.abort();
    });
    try {
      guard(request);
      // Not by URL, which would take `..` in a workflow's name for a step upwards.
      const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
      const { route, parameters } = find(request.method ?? '', path);
      const call = { request, parameters, query: new URLSearchParams(query), signal: gone.signal };
      await route.serve(call, response);
    } catch (error) {
      if (gone.signal.aborted) return;
      if (statusOf(error) === 500) onDefect(error);
      answerError(response, error, trusted);
    }
  }

  async function listen(options: ListenOptions, trusted: boolean, guard: Guard): Promise<Server> {
    const server = createServer(
      {
        requestTimeout,
        headersTimeout: requestTimeout / 2,
        connectionsCheckingInterval: Math.min(1_000, requestTimeout / 4),
        keepAlive: true,
      },
      (request, response) => void serve(request, response, trusted, guard),
    );
    server.maxConnections = mostConnections;
    server.on('clientError', refuseConnection);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options, resolve);
    }).catch((cause) => {
      const where = options.path ?? `${options.host}:${options.port}`;
      throw new NstackError('usage', `the supervisor cannot listen on ${where}: ${cause.message}`, {
        hint: 'Name a free address, or end what listens there.',
        cause,
      });
    });
    servers.push(server);
    return server;
  }

  return {
    async listenUnix(path) {
      // Private before it gets its name, which it takes from the old one in one step.
      const aside = join(dirname(path), `.sock-${process.pid}`);
      await rm(aside, { force: true });
      await listen({ path: aside }, true, () => {});
      await chmod(aside, 0o600);
      socket = { path, inode: (await stat(aside)).ino };
      await rename(aside, path);
      return `unix:${path}`;
    },
    async listenTcp({ host, port, loopback }, token) {
      const server = await listen({ host, port }, false, createGuard(token, loopback));
      const at = server.address() as AddressInfo;
      return `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`;
    },
    async close() {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const response of answering) if (response.headersSent) response.end();
      for (const server of servers) server.closeIdleConnections();
      const timer = setTimeout(() => {
        for (const server of servers) server.closeAllConnections();
      }, closingGrace);
      await Promise.all(closed);
      clearTimeout(timer);
      if (socket !== undefined) await removeOwn(socket);
    },
  };
}

/** The next supervisor may have put its own in the place by now. */
async function removeOwn({ path, inode }: OwnSocket): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there?.ino === inode) await rm(path, { force: true });
}
