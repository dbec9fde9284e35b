import { NstackError } from '../../core/index.ts';
import { boundedJson } from './bounded-body.ts';
import type { HttpAnswer } from './http.ts';

const certificateCodes = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

/** What TLS makes of an answer in plain HTTP. */
export function speaksNoTls(error: unknown): boolean {
  return ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO'].includes(
    errorCode(error),
  );
}

/** What a request failed with where trying again cannot help; undefined where it may. */
export function hopeless(host: string, doing: string, cause: unknown): NstackError | undefined {
  const code = errorCode(cause);
  const failed = (why: string, hint: string) =>
    new NstackError('registry-unavailable', `cannot ${doing}: ${why}`, { cause, hint });
  if (certificateCodes.has(code))
    return failed(
      `the certificate of ${host} is signed by an authority that this machine does not know`,
      `put the authority's certificate, as PEM, in /etc/docker/certs.d/${host}/ca.crt, or name its file: NODE_EXTRA_CA_CERTS`,
    );
  if (code === 'CERT_HAS_EXPIRED')
    return failed(`the certificate of ${host} has expired`, 'whoever runs the registry has to renew it');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return failed(
      `the certificate of ${host} is for another name`,
      'name the registry as its certificate does, or have the certificate name this host too',
    );
  if (speaksNoTls(cause))
    return failed(
      `${host} does not speak TLS there`,
      'only a registry on this machine (localhost, 127.0.0.1) may speak plain HTTP: give the other a certificate, or name its TLS port',
    );
  if (code === 'ENOTFOUND')
    return failed(`there is no host ${host.replace(/:\d+$/, '')}`, 'correct the name of the registry');
  return undefined;
}

export function unavailable(host: string, doing: string, why: string, cause?: unknown): NstackError {
  return new NstackError('registry-unavailable', `cannot ${doing}: the registry ${host} ${why}`, {
    ...(cause === undefined ? {} : { cause }),
    hint: `see whether ${host} can be reached from this machine and is well, then try again: what has arrived is not sent again`,
  });
}

/** A registry answered what the specification does not know: no try of ours mends that. */
export function nonsense(host: string, doing: string, what: string, cause?: unknown): NstackError {
  return new NstackError('registry-unavailable', `cannot ${doing}: the registry ${host} ${what}`, {
    ...(cause === undefined ? {} : { cause }),
    hint: `see whether ${host} is an OCI registry, and what stands between it and this machine`,
  });
}

/** For 401 and 403: who may not do what, and what the registry says to that. */
export async function denied(
  host: string,
  doing: string,
  answer: HttpAnswer,
  user: string | undefined,
): Promise<NstackError> {
  const said = await wordsOf(answer);
  const who = user === undefined ? 'this user' : user;
  const because = said === '' ? '' : `: ${said}`;
  if (answer.status === 401)
    return new NstackError(
      'permission',
      user === undefined
        ? `the registry ${host} wants to know who asks to ${doing}${because}`
        : `the registry ${host} does not take the password of ${user}${because}`,
      { hint: `log in: docker login ${host}` },
    );
  return new NstackError('permission', `the registry ${host} does not let ${who} ${doing}${because}`, {
    hint: `have whoever runs the registry grant that right, or log in as someone who has it: docker login ${host}`,
  });
}

/** For an answer that is neither what was asked for nor a matter of rights. */
export async function unexpected(host: string, doing: string, answer: HttpAnswer): Promise<NstackError> {
  const said = await wordsOf(answer);
  return nonsense(host, doing, `answered ${answer.status}${said === '' ? '' : `: ${said}`}`);
}

const mostErrorBytes = 64 * 1024;

/** The words of a registry's error, printable and short; empty where it has none. Reads the body. */
export async function wordsOf({ body }: HttpAnswer): Promise<string> {
  const { errors } = await boundedJson(body, mostErrorBytes).catch(() => ({ errors: [] as unknown }));
  if (!Array.isArray(errors)) return '';
  const texts = errors.map((error: { readonly code?: unknown; readonly message?: unknown } | null) =>
    [error?.code, error?.message].filter((part) => typeof part === 'string' && part !== '').join(' '),
  );
  return texts
    .filter((text) => text !== '')
    .join('; ')
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 300);
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What a broken connection says, in words for people. */
export function reasonOf(error: unknown): string {
  switch (errorCode(error)) {
    case 'ECONNREFUSED':
      return 'is not there: nothing listens at that address';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'broke the connection';
    default:
      return `did not answer: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The reason of an abort as an NstackError. */
export function interruption(signal: AbortSignal, doing: string): NstackError {
  const reason: unknown = signal.reason;
  if (reason instanceof NstackError) return reason;
  const late = reason instanceof DOMException && reason.name === 'TimeoutError';
  return new NstackError(
    late ? 'timeout' : 'interrupted',
    late ? `it took too long to ${doing}` : `interrupted: it was to ${doing}`,
    { cause: reason },
  );
}
