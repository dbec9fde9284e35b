import { once } from 'node:events';
import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
} from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createSecureContext } from 'node:tls';
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

/** HTTP of Node's own with, for each host, its certificates, and with the proxies that the environment names. Connections are kept and used again. */
export function createHttp(env: NodeJS.ProcessEnv): SendHttp {
  const agents = new Map<string, Promise<PlainAgent>>();
  const agentFor = (url: URL) => {
    const key = url.origin;
    const agent = agents.get(key) ?? createAgent(url, env);
    agents.set(key, agent);
    return agent;
  };
  return async (request) => {
    const { url, method, headers, body, silence, signal } = request;
    const agent = await agentFor(url);
    signal.throwIfAborted();
    const start = url.protocol === 'http:' ? plainRequest : secureRequest;
    const sent = start(url, { method, headers, agent, signal });
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

async function createAgent(url: URL, env: NodeJS.ProcessEnv): Promise<PlainAgent> {
  const options = { keepAlive: true, ...(isLoopback(url.host) ? {} : { proxyEnv: proxies(env) }) };
  if (url.protocol === 'http:') return new PlainAgent(options);
  const { ca, ...client } = await registryTrust(url.host, env);
  // Made once: some three hundred certificates take a while to read.
  return new SecureAgent({ ...options, secureContext: createSecureContext({ ...client, ca: [...ca] }) });
}

function proxies(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    proxyNames.flatMap((name) => {
      const value = env[name.toLowerCase()] ?? env[name];
      return value ? [[name, value]] : [];
    }),
  );
}
