import { once } from 'node:events';
import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isLoopback } from './loopback.ts';
import { registryTrust } from './registry-trust.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes to send, whose number `content-length` states. */
  readonly body?: Uint8Array | Readable;
  /** Milliseconds without a byte in either direction after which the connection counts as broken. */
  readonly silence: number;
  readonly signal: AbortSignal;
}

/** Whoever gets it must read or destroy the body. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
  readonly url: URL;
}

/** One request, one answer: no redirect is followed and nothing is tried again. Fails with whatever the connection failed with. */
export type SendHttp = (request: HttpRequest) => Promise<HttpAnswer>;

/** Node's client for one origin. */
interface Client {
  readonly request: (url: URL, options: RequestOptions) => ClientRequest;
  readonly agent: Agent;
}

/** HTTP of Node's own with, for each host, its certificates, and with the proxies that the environment names. Connections are kept and used again. */
export function createHttp(env: NodeJS.ProcessEnv): SendHttp {
  const clients = new Map<string, Promise<Client>>();
  const clientFor = (url: URL) => {
    const client = clients.get(url.origin) ?? createClient(url, env);
    clients.set(url.origin, client);
    return client;
  };
  return async ({ url, method, headers, body, silence, signal }) => {
    const { request, agent } = await clientFor(url);
    signal.throwIfAborted();
    const sent = request(url, { method, headers, agent, signal });
    sent.setTimeout(silence, () => sent.destroy(new SilentError(silence)));
    const answered = once(sent, 'response');
    const writing = write(sent, body);
    // A registry may answer before it has read everything; what becomes of the rest is no news then.
    answered.catch(() => {});
    writing.catch(() => {});
    const [answer] = (await Promise.race([answered, writing.then(() => answered)])) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: answer, url };
  };
}

class SilentError extends Error {
  readonly code = 'ETIMEDOUT';
  constructor(silence: number) {
    super(`nothing came for ${Math.round(silence / 1000)} s`);
  }
}

async function write(sent: ClientRequest, body: Uint8Array | Readable | undefined): Promise<void> {
  if (body === undefined || body instanceof Uint8Array) {
    sent.end(body);
    return;
  }
  await pipeline(body, sent);
}

const proxyNames = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;

/** Node's client takes 20 ms to load, which commands that ask no registry do not pay. */
async function createClient(url: URL, env: NodeJS.ProcessEnv): Promise<Client> {
  const options = { keepAlive: true, ...(isLoopback(url.host) ? {} : { proxyEnv: proxies(env) }) };
  if (url.protocol === 'http:') {
    const { Agent, request } = await import('node:http');
    return { request, agent: new Agent(options) };
  }
  const [{ Agent, request }, { createSecureContext }, { ca, ...client }] = await Promise.all([
    import('node:https'),
    import('node:tls'),
    registryTrust(url.host, env),
  ]);
  // Made once: some three hundred certificates take a while to read.
  const secureContext = createSecureContext({ ...client, ca: [...ca] });
  return { request, agent: new Agent({ ...options, secureContext }) };
}

function proxies(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    proxyNames.flatMap((name) => {
      const value = env[name.toLowerCase()] ?? env[name];
      return value ? [[name, value]] : [];
    }),
  );
}
