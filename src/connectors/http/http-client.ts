import { Agent, request as sendHttp } from 'node:http';
import { Agent as SecureAgent, request as sendHttps } from 'node:https';
import { tlsOptions } from '../tls-settings.ts';
import type { SinkSettings } from './sink-settings.ts';

/** What is kept of an answer for a message, and read of it before the connection is given up. */
const keptOfAnswer = 500;
const mostOfAnswer = 64 * 1024;

export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
  readonly contentType: string | undefined;
  /** The beginning of its body. */
  readonly body: string;
}

/** Sends requests with a body to one URL, over connections that are kept. Rejects with what the system says, or when the answer takes too long. */
export interface HttpClient {
  send(body: Uint8Array, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

export function createHttpClient(
  settings: Pick<SinkSettings, 'url' | 'headers' | 'tls' | 'concurrency' | 'timeout'> & {
    readonly method: string;
  },
): HttpClient {
  const { url, method, tls, timeout } = settings;
  const isSecure = url.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: settings.concurrency };
  const agent = isSecure ? new SecureAgent({ ...options, ...tlsOptions(tls ?? {}) }) : new Agent(options);
  const start = isSecure ? sendHttps : sendHttp;

  return {
    send: (body, headers, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const request = start(url, {
          agent,
          method,
          headers: { 'user-agent': 'nstack', ...settings.headers, ...headers, 'content-length': body.length },
        });
        const abort = () => request.destroy(new Error('the workflow ended'));
        const timer = setTimeout(
          () => request.destroy(new Error(`no answer within ${timeout / 1000} s`)),
          timeout,
        );
        signal.addEventListener('abort', abort, { once: true });
        request.once('close', () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
        });
        request.on('error', reject);
        request.once('response', (answer) => {
          const { statusCode: status = 0, headers: said } = answer;
          let text = '';
          let length = 0;
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => {
            length += chunk.length;
            if (length <= mostOfAnswer) text += chunk;
            else answer.destroy();
          });
          answer.on('error', reject);
          answer.once('close', () => {
            if (!answer.complete && length <= mostOfAnswer) return reject(new Error('its answer broke off'));
            resolve({
              status,
              retryAfter: said['retry-after'],
              location: said.location,
              contentType: said['content-type'],
              body: text,
            });
          });
        });
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** The server's words, short enough for a message. */
export function excerptOf({ status, location, body }: HttpAnswer): string {
  const where = location === undefined ? '' : ` (it is at ${location})`;
  const words = body.replace(/\s+/g, ' ').trim().slice(0, keptOfAnswer);
  return `the server answered ${status}${where}${words === '' ? '' : `: ${words}`}`;
}
