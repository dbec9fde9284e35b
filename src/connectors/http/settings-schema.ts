import { type TlsSettings, tlsProperties } from '../tls-settings.ts';

/** JSON Schema of a connection: a server that a sink sends to, or where a source listens, and the token of either. */
export const settingsSchema = {
  type: 'object',
  properties: {
    url: {
      type: 'string',
      pattern: '^https?://[^@/?#]+([/?][^#]*)?$',
      description: 'Server that sinks send to, without credentials: https://example.org/api.',
    },
    listen: {
      type: ['string', 'integer'],
      description: 'Address and port where sources listen; 127.0.0.1:8787 by default.',
    },
    token: {
      type: 'string',
      secret: true,
      description: 'Sent by sinks, and asked of those who send to sources: Authorization: Bearer TOKEN.',
    },
    tls: {
      type: 'object',
      properties: tlsProperties,
      additionalProperties: false,
    },
  },
  additionalProperties: false,
} as const;

/** What such a connection says; {@link settingsSchema} was checked. */
export interface HttpSettings {
  readonly url?: string;
  readonly listen?: string | number;
  readonly token?: string;
  readonly tls?: TlsSettings;
}
