import { setTimeout as sleep } from 'node:timers/promises';
import { growingPause, NstackError } from '../../core/index.ts';
import { excerptOf, type HttpAnswer, type HttpClient } from './http-client.ts';

/** The server has it; or it was given up: `refused` by a status that trying again does not change, or tried often enough. */
export type Delivery =
  | { readonly kind: 'delivered'; readonly answer: HttpAnswer }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string; readonly attempts: number }
  | { readonly kind: 'exhausted'; readonly message: string; readonly attempts: number };

export interface DeliverOptions {
  readonly client: HttpClient;
  /** For messages: `https://example.org/events`. */
  readonly where: string;
  readonly attempts: number;
  readonly pauses: { readonly first: number; readonly longest: number };
  readonly signal: AbortSignal;
  log(line: string): void;
}

const second = 1_000;
const hour = 3_600 * second;

/**
 * Makes what sends a body until the server has it or refuses it. A server that is away, or says 408, 425, 429 or 5xx, is tried again after growing pauses, or
 * when it says (Retry-After, an hour at most). Rejects when aborted, and with `connection-invalid` where its certificate is not trusted.
 */
export function createDeliver(options: DeliverOptions) {
  const { client, where, attempts, pauses, signal, log } = options;
  let isAway = false;

  function failed(reason: string, pause: number): void {
    if (!isAway) log(`${where}: ${reason}; trying again, next in ${Math.ceil(pause / second)} s`);
    isAway = true;
  }

  return async (body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<Delivery> => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await client
        .send(body, headers, signal)
        .catch((error: unknown) => failureOf(error, where));
      signal.throwIfAborted();
      if (typeof outcome === 'object' && outcome.status >= 200 && outcome.status < 300) {
        if (isAway) log(`${where}: it takes messages again`);
        isAway = false;
        return { kind: 'delivered', answer: outcome };
      }
      const message = typeof outcome === 'string' ? outcome : excerptOf(outcome);
      if (typeof outcome === 'object' && !mayHeal(outcome.status))
        return { kind: 'refused', status: outcome.status, message, attempts: attempt };
      if (attempt >= attempts) return { kind: 'exhausted', message, attempts: attempt };
      const pause = typeof outcome === 'object' ? retryAfter(outcome.retryAfter) : undefined;
      const growing = growingPause(attempt, { ...pauses, jitter: 0.5 });
      failed(message, pause ?? growing);
      await sleep(pause ?? growing, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  };
}

function mayHeal(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** Milliseconds to wait by a Retry-After in seconds or as a date (RFC 9110, 10.2.3). */
function retryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const milliseconds = /^\d+$/.test(text) ? Number(text) * second : Date.parse(text) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.min(Math.max(milliseconds, 0), hour);
}

/** Why there was no answer, in one clause; throws where waiting heals nothing. */
function failureOf(error: unknown, where: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  if (/CERT|SELF_SIGNED|UNABLE_TO_/.test(code) && code !== 'CERT_HAS_EXPIRED') {
    throw new NstackError('connection-invalid', `${where}: its certificate is not trusted: ${message}`, {
      hint: 'Set tls.ca of the connection to the authority that signed it, and tls.serverName to the name in it where that is not the host.',
      cause: error,
    });
  }
  return message === '' ? code : message;
}
