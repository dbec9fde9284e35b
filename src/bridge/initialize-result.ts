import { excerpt } from './excerpt.ts';
import { type InitializeResult, protocolVersion } from './protocol.ts';

/** What a service answered to `initialize`, or in words that follow "the service" why it cannot be spoken with. */
export function readInitializeResult(result: unknown): InitializeResult | string {
  const { protocol, shim, stopsAtFailure } = objectOf(result);
  if (protocol !== protocolVersion) {
    return typeof protocol === 'number'
      ? `speaks version ${protocol} of the bridge protocol, and this nstack speaks version ${protocolVersion}`
      : `answered initialize without the version of its protocol: ${shown(result)}`;
  }
  const { name, version, language } = objectOf(shim);
  if (typeof name !== 'string' || typeof version !== 'string' || typeof language !== 'string')
    return `answered initialize without the name, version and language of its shim: ${shown(result)}`;
  return { protocol, shim: { name, version, language }, stopsAtFailure: stopsAtFailure === true };
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function shown(result: unknown): string {
  return excerpt(Buffer.from(JSON.stringify(result)));
}
