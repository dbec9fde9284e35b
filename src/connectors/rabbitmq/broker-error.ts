import { NstackError } from '../../core/index.ts';
import type { RabbitSettings } from './settings.ts';

/**
 * What went wrong between us and the broker, as an NstackError. Its code is `broker-unavailable` where waiting may heal it; anything else wants
 * somebody to change something.
 */
export function brokerError(error: unknown, settings: RabbitSettings): NstackError {
  if (error instanceof NstackError) return error;
  const where = `RabbitMQ at ${settings.host}:${settings.port}`;
  const text = error instanceof Error ? error.message : String(error);
  const system = error instanceof Error && 'code' in error ? error.code : undefined;
  const say = (code: NstackError['code'], message: string, hint: string) =>
    new NstackError(code, message, { hint, cause: error });

  if (/Handshake terminated by server: 403/.test(text))
    return say(
      'permission',
      `${where} does not let ${settings.username} in: the name or the password is wrong`,
      `Check username and password of the connection ${settings.name}. The user guest is let in from the broker's own machine alone.`,
    );
  // The client keeps the broker's words to itself here.
  if (/Expected ConnectionOpenOk; got <ConnectionClose/.test(text))
    return say(
      'permission',
      `${where} has no virtual host ${JSON.stringify(settings.vhost)}, or ${settings.username} may not use it`,
      `Check vhost of the connection ${settings.name}, and the user's permissions (rabbitmqctl list_permissions).`,
    );
  if (typeof system === 'string' && isUntrusted(system))
    return say(
      'connection-invalid',
      `${where} shows a certificate that is not trusted: ${text}`,
      `Set tls.ca of the connection ${settings.name} to the authority that signed it, and tls.serverName to the name in it where that is not the host.`,
    );
  if (system === 'EPROTO' || /wrong version number|packet length too long/i.test(text))
    return say(
      'connection-invalid',
      `${where} does not speak TLS on that port, or not ours: ${text}`,
      `Check port and tls of the connection ${settings.name}: 5671 is usual with TLS, 5672 without.`,
    );
  if (typeof system === 'string' && /^ERR_(SSL|OSSL|TLS)_/.test(system))
    return say(
      'connection-invalid',
      `no TLS with ${where}: ${text}`,
      `Check tls of the connection ${settings.name}.`,
    );
  const refusal = refusalOf(text, system);
  if (refusal !== undefined) return say(refusal.code, `${where} says no: ${refusal.words}`, refusal.hint);
  if (typeof system === 'number')
    return say('broker-unavailable', `${where} closed the channel: ${wordsOf(text)}`, 'It is opened again.');
  return say(
    'broker-unavailable',
    `${where} is out of reach: ${reasons[String(system)] ?? plain(text)}`,
    `Start it, or check where the connection ${settings.name} leads.`,
  );
}

/** Whether waiting may heal it. */
export function mayHeal(error: NstackError): boolean {
  return error.code === 'broker-unavailable';
}

function isUntrusted(code: string): boolean {
  return /CERT|SIGNATURE|ISSUER|ALTNAME/.test(code);
}

/** A channel or connection that the broker closed because of something we asked for. */
function refusalOf(text: string, code: unknown) {
  const words = wordsOf(text);
  if (code === 403)
    return {
      code: 'permission',
      words,
      hint: 'Give the user the permissions (rabbitmqctl set_permissions).',
    } as const;
  // A queue whose node of the cluster is away is "not found" too.
  if (code === 404 && !/down or inaccessible|home node/i.test(text))
    return {
      code: 'connector-invalid',
      words,
      hint: 'Check the name; queues are made where they are missing unless `declare = false`, exchanges with `exchange_type`.',
    } as const;
  if (code === 406 && /inequivalent arg|invalid arg/i.test(text))
    return {
      code: 'connector-invalid',
      words,
      hint: 'It is there with other properties: take it as it is with `declare = false`, or ask for the same.',
    } as const;
  return undefined;
}

/** The broker's own: `... 404 (NOT-FOUND) with message "NOT_FOUND - no queue 'a' in vhost '/'"`. */
function wordsOf(text: string): string {
  return /"(?:[A-Z_]+ - )?([^"]*)"$/s.exec(text)?.[1] ?? plain(text);
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the host',
};

function plain(text: string): string {
  if (text.includes('Socket closed abruptly') || text.includes('Unexpected close'))
    return 'the connection was cut';
  if (text.includes('connect ETIMEDOUT')) return 'no answer';
  return text;
}
