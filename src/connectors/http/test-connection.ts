import { NstackError } from '../../core/index.ts';
import type { Connection } from '../connector.ts';
import { createHttpClient } from './http-client.ts';
import type { HttpSettings } from './settings-schema.ts';

/** Asks the server what it allows (OPTIONS), which changes nothing; any answer but that the token is wrong will do. */
export async function testHttpConnection(
  { name, settings }: Connection,
  signal: AbortSignal,
): Promise<string> {
  const { url, listen, token, tls } = settings as HttpSettings;
  if (url === undefined) return `sources listen on ${listen ?? '127.0.0.1:8787'}`;
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const client = createHttpClient({
    url: new URL(url),
    method: 'OPTIONS',
    headers,
    tls,
    concurrency: 1,
    timeout: 10_000,
  });
  try {
    const { status } = await client.send(Buffer.alloc(0), {}, signal);
    if (status !== 401 && status !== 403) return `${new URL(url).origin} answers (${status})`;
    throw new NstackError(
      'connection-invalid',
      `${url} answers ${status}: the token of ${name} is not accepted`,
      {
        hint:
          token === undefined
            ? 'Set token in the connection.'
            : 'Check the token that the connection refers to.',
      },
    );
  } catch (cause) {
    if (cause instanceof NstackError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NstackError('network', `${url} does not answer: ${reason}`, {
      hint: 'Check the url, that the server runs, and tls.ca where its certificate is of an authority of your own.',
      cause,
    });
  } finally {
    client.close();
  }
}
