import type { IncomingMessage, RequestOptions } from 'node:http';
import { type ErrorMessage, fromErrorMessage, NstackError } from '../core/index.ts';
import type { SupervisorAddress } from './supervisor-address.ts';

/** How a kept connection that the other end has closed shows itself: a Unix socket says EPIPE. */
const wasClosed: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

export interface CallOptions {
  readonly body?: unknown;
  /** Milliseconds until an answer must have begun; undefined: as long as it takes. */
  readonly timeout?: number;
}

/** Requests to one supervisor; questions go over connections that are kept. */
export interface SupervisorConnection {
  /** The answer's JSON. Rejects with the NstackError that the supervisor answers, or `supervisor-unavailable` where it does not. */
  call(method: string, path: string, options?: CallOptions): Promise<unknown>;
  /** The answer itself, once its head is there and says that all is well; closing it is the caller's. */
  open(method: string, path: string, options?: CallOptions): Promise<IncomingMessage>;
  close(): void;
}

/** Characters of an answer that are read at the most. */
const longestAnswer = 256 * 1024 * 1024;

export function createConnection(address: SupervisorAddress, signal?: AbortSignal): SupervisorConnection {
  // An `import` would also load what Node keeps for later, such as WebSockets: 45 ms of CPU in place of 5.
  const { Agent, request } = process.getBuiltinModule(
    address.kind === 'tcp' && address.secure ? 'node:https' : 'node:http',
  );
  const agent = new Agent({ keepAlive: true });
  const target: RequestOptions =
    address.kind === 'unix'
      ? { socketPath: address.path }
      : {
          host: address.host,
          port: address.port,
          headers: { authorization: `Bearer ${address.token}` },
        };

  function ask(method: string, path: string, { body, timeout }: CallOptions): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const headers = {
        ...target.headers,
        ...(bytes === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': bytes.length }),
      };
      const mayRepeat = method === 'GET';
      const sent = request({
        ...target,
        method,
        path,
        headers,
        // Whether the supervisor has got what a kept connection lost cannot be known: what changes something goes by one of its own.
        agent: mayRepeat && agent,
        ...(signal === undefined ? {} : { signal }),
      });
      const late =
        timeout === undefined
          ? undefined
          : setTimeout(() => sent.destroy(tooLate(address, timeout)), timeout);
      sent.once('response', (response) => {
        clearTimeout(late);
        resolve(response);
      });
      sent.once('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(late);
        // A kept connection that the supervisor closed meanwhile says nothing about the supervisor.
        const again = mayRepeat && sent.reusedSocket && wasClosed.has(error.code ?? '');
        if (again) ask(method, path, { ...(timeout === undefined ? {} : { timeout }) }).then(resolve, reject);
        else reject(signal?.aborted === true ? signal.reason : unreachable(address, error));
      });
      sent.end(bytes);
    });
  }

  async function open(method: string, path: string, options: CallOptions = {}): Promise<IncomingMessage> {
    const response = await ask(method, path, options);
    if ((response.statusCode ?? 0) < 400) return response;
    throw errorOf(address, response, await readText(response).catch(() => ''));
  }

  return {
    open,
    async call(method, path, options) {
      const response = await open(method, path, options);
      const text = await readText(response).catch((error) => {
        throw signal?.aborted === true ? signal.reason : unreachable(address, error);
      });
      try {
        return JSON.parse(text);
      } catch {
        throw noSupervisor(address, text);
      }
    },
    close: () => agent.destroy(),
  };
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk;
    if (text.length > longestAnswer) throw new Error('the answer is too long');
  }
  return text;
}

function errorOf(address: SupervisorAddress, { statusCode }: IncomingMessage, text: string): NstackError {
  try {
    const { code, message, hint, diagnostics = [] } = JSON.parse(text) as Partial<ErrorMessage>;
    if (typeof code === 'string' && typeof message === 'string' && Array.isArray(diagnostics)) {
      return fromErrorMessage({ code, message, diagnostics, ...(typeof hint === 'string' ? { hint } : {}) });
    }
  } catch {}
  return noSupervisor(address, `status ${statusCode}: ${text}`);
}

function noSupervisor({ shown }: SupervisorAddress, text: string): NstackError {
  return new NstackError(
    'supervisor-unavailable',
    `what listens on ${shown} does not answer as a supervisor does: ${JSON.stringify(text.slice(0, 100))}`,
  );
}

function tooLate({ shown }: SupervisorAddress, timeout: number): NstackError {
  return new NstackError(
    'timeout',
    `the supervisor at ${shown} has not answered within ${timeout / 1000} seconds`,
  );
}

function unreachable(address: SupervisorAddress, cause: NodeJS.ErrnoException): NstackError {
  if (cause instanceof NstackError) return cause;
  const { shown } = address;
  if (cause.code === 'EACCES') {
    return new NstackError('permission', `the supervisor at ${shown} is another user's`, {
      hint: 'Run as the user that it runs as, or name its address in NSTACK_SUPERVISOR and its token in NSTACK_TOKEN.',
      cause,
    });
  }
  const away = cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED';
  const message = away
    ? `no supervisor runs (looked at ${shown})`
    : `the supervisor at ${shown} cannot be reached: ${cause.message}`;
  const hint =
    address.kind === 'unix'
      ? '`nstack supervisor start` starts one, as `nstack start` does by itself.'
      : 'NSTACK_SUPERVISOR says where it should be; without it the one of this machine is asked.';
  return new NstackError('supervisor-unavailable', message, { hint, cause });
}
