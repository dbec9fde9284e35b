import { createRedactor, NstackError, redactError, unlessAborted } from '../../core/index.ts';
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
  const patience = AbortSignal.timeout(timeout);
  const either = AbortSignal.any([signal, patience]);
  try {
    return redact(await unlessAborted(info.test(connection, either), either));
  } catch (error) {
    const late = patience.aborted && !signal.aborted;
    const reason = late
      ? new NstackError(
          'timeout',
          `${system} (connection ${name}) does not answer within ${timeout / 1000} seconds`,
        )
      : error;
    // A client of the system's may repeat what it sent.
    throw redactError(reason, redact);
  }
}
