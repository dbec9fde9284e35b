import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Where an engine is reached by a plain socket. */
export type PlainAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** What an answer says before its end is worth nothing here: it is read whole. */
export interface PlainRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** A tar archive. */
  readonly body?: Readable;
  /** Milliseconds of silence after which the engine is not waited for; by default however long it takes. */
  readonly patience?: number;
  readonly signal?: AbortSignal;
}

/** Undefined where an engine is not reached by a plain socket, or only a search tells where it is. */
export function plainAddress({
  DOCKER_HOST: host,
  DOCKER_TLS_VERIFY,
}: NodeJS.ProcessEnv): PlainAddress | undefined {
  // The first of the usual places alone: where another engine serves, it is found by connecting.
  if (host === undefined || host === '') return { path: '/var/run/docker.sock' };
  if (host.startsWith('unix://')) return { path: host.slice('unix://'.length) };
  // With certificates it is the client library's matter.
  if (!host.startsWith('tcp://') || DOCKER_TLS_VERIFY || !URL.canParse(host)) return undefined;
  const { hostname, port } = new URL(host.replace(/^tcp/, 'http'));
  return { host: hostname, port: Number(port || 2375) };
}

/**
 * The body of an engine's answer to one request, over a connection of its own (HTTP/1.1, RFC 9112). Node's own client takes 20 ms to load, a socket one. Fails where the
 * answer is not 200, or breaks off.
 */
export async function exchange(address: PlainAddress, request: PlainRequest): Promise<string> {
  const { method, path, body, patience, signal } = request;
  const socket = connect({ ...address, ...(signal === undefined ? {} : { signal }) });
  if (patience !== undefined) socket.setTimeout(patience, () => socket.destroy(new Error('no answer')));
  const kind = body === undefined ? '' : 'Content-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n';
  socket.write(
    `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nConnection: close\r\n${kind}\r\n`,
  );
  // An engine may answer, or go, before it has read all.
  if (body !== undefined)
    pipeline(body, inChunks, socket, { end: false }).catch((error: unknown) =>
      socket.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  return bodyOf(await readAll(socket));
}

/** The chunked coding (RFC 9112, 7.1). */
async function* inChunks(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of body)
    if (chunk.length > 0)
      yield Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, lineEnd]);
  yield Buffer.from('0\r\n\r\n');
}

const lineEnd = Buffer.from('\r\n');

async function readAll(socket: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function bodyOf(answer: Buffer): string {
  const end = answer.indexOf('\r\n\r\n');
  const head = answer.toString('latin1', 0, Math.max(0, end));
  if (!/^HTTP\/1\.[01] 200 /.test(head)) throw new Error(`the engine answers ${head.split('\r\n', 1)[0]}`);
  const body = answer.subarray(end + 4);
  return (/^transfer-encoding: *chunked/im.test(head) ? outOfChunks(body) : body).toString('utf8');
}

function outOfChunks(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const size = end < 0 ? Number.NaN : Number.parseInt(body.toString('latin1', at, end), 16);
    if (!(size >= 0) || body.length < end + 2 + size) throw new Error('the engine broke off its answer');
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
