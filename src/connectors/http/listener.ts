import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, ListenOptions } from 'node:net';
import type { Duplex } from 'node:stream';
import { refuse } from './reply.ts';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Who takes the requests for a path. */
export interface Route {
  readonly handle: RequestHandler;
  /** Whether those who ask for another path may be told of this one. */
  readonly shown: boolean;
}

export interface Listener {
  /** Where it is, for people: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** No new connections; those that are open are dropped, after what is being answered had so many milliseconds. */
  close(grace: number): Promise<void>;
}

/** Bounds on what someone can hold without sending a request: headers that do not come or are too many, and idle connections. */
const bounds = {
  connectionsCheckingInterval: 2_000,
  headersTimeout: 10_000,
  // A body has bounds of its own: one that waits for a slow workflow takes long.
  requestTimeout: 0,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
} as const;
const mostConnections = 10_000;

/** Listens; rejects with what the system says (EADDRINUSE). What it says later (a connection for which there is no memory) goes to `onTrouble`: the others go on. */
export async function listen(
  where: ListenOptions,
  routes: ReadonlyMap<string, Route>,
  onTrouble: (error: Error) => void,
): Promise<Listener> {
  const answering = new Set<ServerResponse>();

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    answering.add(response);
    response.once('close', () => answering.delete(response));
    const path = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
    const route = routes.get(path);
    if (route === undefined) refuseUnknown(request, response, path);
    else route.handle(request, response);
  }

  function refuseUnknown(request: IncomingMessage, response: ServerResponse, path: string): void {
    const paths = [...routes].flatMap(([known, { shown }]) => (shown ? [known] : []));
    const error = `there is nothing at ${path.slice(0, 200)}`;
    refuse(request, response, { status: 404, error, ...(paths.length === 0 ? {} : { more: { paths } }) });
  }

  function onClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
    // In the middle of an answer, these words would be taken for a part of it.
    const isBusy = [...answering].some((response) => response.socket === socket);
    if (!socket.writable || isBusy || error.code === 'ECONNRESET') socket.destroy();
    else socket.end(badRequest(error.code));
  }

  const server = createServer(bounds, onRequest)
    .on('checkContinue', onRequest)
    .on('clientError', onClientError);
  server.maxConnections = mostConnections;
  server.maxHeadersCount = 200;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(where, () => {
      server.off('error', reject).on('error', onTrouble);
      resolve();
    });
  });
  return { url: urlOf(server), close: (grace) => close(server, answering, grace) };
}

async function close(server: Server, answering: ReadonlySet<ServerResponse>, grace: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  for (const response of answering) if (!response.headersSent) response.shouldKeepAlive = false;
  const timer = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearTimeout(timer);
}

const words: Readonly<Record<string, readonly [number, string, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'the headers are longer than 16 KiB'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'the headers did not end within 10 s'],
};

function badRequest(code = ''): string {
  const [status, name, error] = words[code] ?? [400, 'Bad Request', 'this is no HTTP request'];
  const text = JSON.stringify({ error });
  const head = `HTTP/1.1 ${status} ${name}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${text.length}`;
  return `${head}\r\n\r\n${text}`;
}

function urlOf(server: Server): string {
  const address = server.address() as AddressInfo | string | null;
  if (address === null || typeof address === 'string') return String(address);
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}
