import { createRedactor, NstackError, redactError } from '../../core/index.ts';
import { findConnector } from '../connectors.ts';
import type { ConnectionDescription } from './connections-file.ts';
import { type ResolveOptions, resolveConnection } from './resolve-connection.ts';

/** Milliseconds that a system has to answer. */
const answerTimeout = 15_000;

/**
 * Resolves a connection, has its system tried, and answers in one line what is there. Fails with `connection-invalid` where a reference leads nowhere, `timeout` where
 * the system does not answer, and with what the connector says.
 */
export async function testConnection(
  description: ConnectionDescription,
  signal: AbortSignal,
  options: ResolveOptions & { readonly timeout?: number } = {},
): Promise<string> {
  const { timeout = answerTimeout, findConnector: find = findConnector } = options;
  const { name, system } = description;
  const info = find(system)?.connection;
  if (info === undefined) throw new NstackError('connection-invalid', `${system} takes no connection`);
  const connection = await resolveConnection(description, signal, options);
  const redact = createRedactor(connection.secrets);
  const late = AbortSignal.timeout(timeout);
  const either = AbortSignal.any([signal, late]);
  const ended = Promise.withResolvers<never>();
  const onAbort = () =>
    ended.reject(
      signal.aborted
        ? signal.reason
        : new NstackError(
            'timeout',
            `${system} (connection ${name}) does not answer within ${timeout / 1000} seconds`,
          ),
    );
  either.addEventListener('abort', onAbort, { once: true });
  // What comes after the end of patience is nobody's news.
  ended.promise.catch(() => {});
  try {
    return redact(await Promise.race([info.test(connection, either), ended.promise]));
  } catch (error) {
    // A client of the system's may repeat what it sent.
    throw redactError(error, redact);
  } finally {
    either.removeEventListener('abort', onAbort);
  }
}
