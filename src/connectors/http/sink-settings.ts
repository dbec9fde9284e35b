import { validateHeaderName, validateHeaderValue } from 'node:http';
import { NstackError } from '../../core/index.ts';
import { parseDuration } from '../../manifest/quantity.ts';
import type { OpenContext } from '../connector.ts';
import type { HttpSettings } from './settings-schema.ts';

export interface SinkSettings {
  readonly url: URL;
  readonly method: 'POST' | 'PUT';
  /** Those of the workflow, in lower case, and the token's. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: HttpSettings['tls'];
  readonly batch: 'none' | 'ndjson';
  /** Requests at once; 1 keeps the order. */
  readonly concurrency: number;
  /** Milliseconds. */
  readonly timeout: number;
  /** Infinity: as many as it takes. */
  readonly attempts: number;
  readonly idempotency: 'message' | 'content';
}

/** The sink's parameters and connection with their defaults. Throws where they cannot be. */
export function sinkSettings({ parameters, connection }: OpenContext): SinkSettings {
  const settings = (connection?.settings ?? {}) as HttpSettings;
  const { method, batch, order, concurrency = 16, timeout = '30s', attempts, idempotency } = parameters;
  if (concurrency !== 16 && order !== 'any') {
    throw new NstackError(
      'connector-invalid',
      'http: several requests at once do not keep the order of messages',
      {
        hint: 'Leave out concurrency, or give up the order: order = "any".',
      },
    );
  }
  return {
    url: urlOf(String(parameters.url), settings, connection?.name),
    method: method === 'PUT' ? 'PUT' : 'POST',
    headers: headersOf(parameters.headers, settings.token),
    tls: settings.tls,
    batch: batch === 'ndjson' ? 'ndjson' : 'none',
    concurrency: order === 'any' ? Number(concurrency) : 1,
    timeout: parseDuration(timeout as string | number) ?? 30_000,
    attempts: attempts === undefined ? Number.POSITIVE_INFINITY : Number(attempts),
    idempotency: idempotency === 'content' ? 'content' : 'message',
  };
}

function urlOf(given: string, { url: base }: HttpSettings, connection: string | undefined): URL {
  if (/^https?:\/\//i.test(given)) {
    const url = parsed(given);
    // A token goes to no other server than the one that its connection is to.
    if (base === undefined || url.origin === new URL(base).origin) return url;
    throw new NstackError(
      'connector-invalid',
      `http: ${url.origin} is not the server of the connection ${connection}`,
      {
        hint: `Write the path below ${base} alone, or name another connection.`,
      },
    );
  }
  if (base !== undefined) {
    const below = new URL(base);
    below.pathname = below.pathname.replace(/\/$/, '');
    return parsed(`${below.origin}${below.pathname}/${given.replace(/^\//, '')}${below.search}`);
  }
  throw new NstackError('connector-invalid', `http: "${given}" does not say which server it is of`, {
    hint: 'Write the whole address, http/"https://example.org/events", or set url in a connection.',
  });
}

function parsed(text: string): URL {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') {
    throw new NstackError(
      'connector-invalid',
      url === null ? `http: ${JSON.stringify(text)} is no URL` : 'http: there are credentials in the url',
      { hint: 'Write https://example.org/events; a token belongs in a connection.' },
    );
  }
  url.hash = '';
  return url;
}

function headersOf(given: unknown, token: string | undefined): Readonly<Record<string, string>> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  for (const [name, value] of Object.entries((given ?? {}) as Record<string, string>)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (cause) {
      throw new NstackError('connector-invalid', `http: the header ${JSON.stringify(name)} cannot be sent`, {
        hint: 'A name has letters, digits and hyphens; a value is on one line.',
        cause,
      });
    }
    if (/^(content-length|transfer-encoding|connection|host|expect|idempotency-key)$/i.test(name)) {
      throw new NstackError('connector-invalid', `http: the header ${name} is the sink's own to set`, {
        hint: 'Leave it out.',
      });
    }
    headers[name.toLowerCase()] = value;
  }
  return headers;
}
