import type { Readable } from 'node:stream';
import { NstackError, type Pauses } from '../../core/index.ts';
import { createAuthorization } from './authorization.ts';
import { boundedBody } from './bounded-body.ts';
import type { Credentials } from './credentials.ts';
import { denied, errorCode, nonsense, speaksNoTls } from './failures.ts';
import { createHttp, type HttpAnswer, type HttpRequest, type SendHttp } from './http.ts';
import { isLoopback } from './loopback.ts';
import { withTries } from './with-tries.ts';

/** One question to a registry, as far as the questions differ. */
export interface RegistryCall {
  readonly method: HttpRequest['method'];
  /** `/v2/...`, or the address that the registry gave for an upload. */
  readonly to: string | URL;
  /** `repository:team/click:pull`; several with a space between them. */
  readonly scope: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called for each try. `content-length` is in the headers. */
  readonly body?: () => Uint8Array | Readable;
  /** Completes "cannot ...": `push team/click`. */
  readonly doing: string;
  /** Asks once and fails with a `BrokenError`, where the caller knows better how to go on. */
  readonly once?: boolean;
}

/**
 * Answers with any status but 401 and 403, which fail with `permission`, and those that stand for trouble that may pass, which fail with `registry-unavailable`
 * when they do not. Redirects of GET and HEAD are followed, without credentials to other hosts.
 */
export type AskRegistry = (call: RegistryCall) => Promise<HttpAnswer>;

export interface RequestOptions {
  readonly credentials: () => Promise<Credentials | undefined>;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onWait: (text: string) => void;
  readonly pauses: Pauses;
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly silence: number;
}

const mostTries = 5;
const mostRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

export function createRequests(host: string, options: RequestOptions): AskRegistry {
  const { env, signal, silence, pauses, onWait } = options;
  const http: SendHttp = createHttp(env);
  const api = apiHost(host);
  let origin: string | undefined;
  const tries = { host, pauses, signal, known: () => origin !== undefined, onWait };
  const authorization = createAuthorization(host, options.credentials, (request) =>
    withTries(() => http({ ...request, silence, signal }), {
      ...tries,
      host: request.url.host,
      doing: `fetch a token for ${host}`,
      most: mostTries,
    }),
  );

  return (call) =>
    withTries(() => authorized(call), { ...tries, doing: call.doing, most: call.once ? 1 : mostTries });

  async function authorized(call: RegistryCall): Promise<HttpAnswer> {
    let shown = await authorization.header(call.scope);
    let answer = await answerTo(call, shown);
    if (answer.status === 401 && authorization.mayAskAgain(answer, call.scope, shown)) {
      await discard(answer);
      shown = await authorization.header(call.scope);
      answer = await answerTo(call, shown);
    }
    if (answer.status !== 401 && answer.status !== 403) return answer;
    throw await denied(host, call.doing, answer, await authorization.user());
  }

  /**
   * A registry on this machine may speak plain HTTP, and mostly does: one that speaks TLS answers that with 400, or breaks off. Whichever it speaks is found with the
   * first answer.
   */
  async function answerTo(call: RegistryCall, shown: string | undefined): Promise<HttpAnswer> {
    const at = async (found: string) => {
      const answer = await followed(call, new URL(call.to, found), shown);
      if (answer.status !== 400) origin ??= found;
      return answer;
    };
    if (origin !== undefined) return at(origin);
    if (!isLoopback(api)) return at(`https://${api}`);
    const plain = await at(`http://${api}`).catch((error: unknown) => {
      if (signal.aborted || isFinal(error)) throw error;
      return error;
    });
    const answered = plain instanceof Error ? undefined : (plain as HttpAnswer);
    if (answered !== undefined && answered.status !== 400) return answered;
    try {
      const secure = await at(`https://${api}`);
      if (answered !== undefined) await discard(answered);
      return secure;
    } catch (error) {
      if (!speaksNoTls(error)) throw error;
      if (answered === undefined) throw plain;
      return answered;
    }
  }

  async function followed(call: RegistryCall, first: URL, shown: string | undefined): Promise<HttpAnswer> {
    let url = first;
    for (let hops = 0; hops <= mostRedirects; hops++) {
      const own = url.host === api;
      const headers = {
        'user-agent': 'nstack',
        ...call.headers,
        ...(own && shown !== undefined ? { authorization: shown } : {}),
      };
      const body = call.body?.();
      const request = { method: call.method, url, headers, silence, signal };
      const answer = await http(body === undefined ? request : { ...request, body });
      const { location } = answer.headers;
      const read = call.method === 'GET' || call.method === 'HEAD';
      if (!read || !redirects.has(answer.status) || location === undefined) return answer;
      await discard(answer);
      url = safeUrl(location, url, call.doing);
    }
    throw nonsense(host, call.doing, `redirects more than ${mostRedirects} times`);
  }

  /** No redirect leads from TLS to plain HTTP. */
  function safeUrl(location: string, from: URL, doing: string): URL {
    const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
    if (url?.protocol === 'https:' || (url?.protocol === 'http:' && from.protocol === 'http:')) return url;
    throw nonsense(host, doing, `redirects to ${JSON.stringify(location).slice(0, 200)}`);
  }
}

/** What says nothing of how a registry wants to be spoken to. */
function isFinal(error: unknown): boolean {
  return error instanceof NstackError || ['ECONNREFUSED', 'ETIMEDOUT'].includes(errorCode(error));
}

/** Docker Hub answers elsewhere than at its name. */
function apiHost(host: string): string {
  return host === 'docker.io' || host === 'index.docker.io' ? 'registry-1.docker.io' : host;
}

/** Reads what nobody needs, so that the connection can be used again; a long one is cut. */
export async function discard({ body }: HttpAnswer): Promise<void> {
  await boundedBody(body, 64 * 1024).catch(() => {});
}
