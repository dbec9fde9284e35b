import { NstackError } from '../../../core/index.ts';

/** What a failure of a request asks for. */
export type FailureKind =
  /** The connection is gone or the broker does not answer: connect again. */
  | 'connection'
  /** Somebody else leads or coordinates now, or will in a moment: look again. */
  | 'moved'
  /** Waiting heals nothing: a login or a permission that is not there, a certificate that is not trusted. */
  | 'final';

const finalTypes = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'INCONSISTENT_GROUP_PROTOCOL',
  'UNSUPPORTED_VERSION',
  'INVALID_TRANSACTION_TIMEOUT',
]);

export function failureKind(error: unknown): FailureKind {
  if (error instanceof NstackError) return error.code === 'broker-unavailable' ? 'connection' : 'final';
  if (!(error instanceof Error)) return 'final';
  const { type, code } = error as { type?: string; code?: unknown };
  if (error.name === 'KafkaJSSASLAuthenticationError') return 'final';
  if (type !== undefined && error.name !== 'KafkaJSConnectionError')
    return finalTypes.has(type) ? 'final' : 'moved';
  if (typeof code === 'string' && isDistrust(code)) return 'final';
  // What is left are sockets, timeouts and answers that could not be read.
  return error instanceof TypeError || error instanceof ReferenceError ? 'final' : 'connection';
}

/** Kafka's name of an error, such as `UNKNOWN_MEMBER_ID`; undefined where the broker did not answer with one. */
export function errorType(error: unknown): string | undefined {
  return error instanceof Error ? (error as { type?: string }).type : undefined;
}

function isDistrust(code: string): boolean {
  return (
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|ERR_OSSL/.test(code) &&
    code !== 'ERR_TLS_HANDSHAKE_TIMEOUT'
  );
}

/** A failure in words for people, with the way out where there is one. `what` begins the sentence: `kafka/clicks`. */
export function kafkaError(error: unknown, what: string, connection: string): NstackError {
  if (error instanceof NstackError) return error;
  const message = messageOf(error);
  const type = errorType(error);
  if (type?.endsWith('_AUTHORIZATION_FAILED'))
    return new NstackError('permission', `${what}: the broker refuses it: ${message}`, {
      hint: `Grant the user of the connection ${connection} that right, or use another connection.`,
      cause: error,
    });
  if (failureKind(error) === 'final')
    return new NstackError('connection-invalid', `${what}: ${message}`, {
      hint: `Look at the connection ${connection}; \`nstack connections test ${connection}\` tries it.`,
      cause: error,
    });
  return new NstackError('broker-unavailable', `${what}: no broker answers: ${message}`, {
    hint: `Is the cluster of the connection ${connection} running and reachable from here?`,
    cause: error,
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
