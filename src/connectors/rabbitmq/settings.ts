import { NstackError } from '../../core/index.ts';
import type { Connection } from '../connector.ts';
import { type TlsSettings, tlsProperties } from '../tls-settings.ts';

/** Where a broker is, and who we are to it. */
export interface RabbitSettings {
  /** Name of the connection. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly vhost: string;
  readonly username: string;
  readonly password: string;
  /** Undefined: no TLS. PEM texts. */
  readonly tls: TlsSettings | undefined;
  /** Seconds; undefined: what the broker says, 60 by default. */
  readonly heartbeat: number | undefined;
}

export const settingsSchema = {
  type: 'object',
  properties: {
    url: {
      type: 'string',
      pattern: '^amqps?://[^@/?#]+(/[^/?#]*)?$',
      description:
        'amqp://HOST:PORT/VHOST, or amqps://... with TLS, without credentials; instead of host, port and vhost.',
    },
    host: { type: 'string', minLength: 1, description: 'Host name or address; localhost by default.' },
    port: {
      type: 'integer',
      minimum: 1,
      maximum: 65_535,
      description: '5672, or 5671 with TLS, by default.',
    },
    vhost: { type: 'string', minLength: 1, description: 'Virtual host; / by default.' },
    username: { type: 'string', minLength: 1, description: 'guest by default.' },
    password: {
      type: 'string',
      secret: true,
      description: 'guest by default, which a broker accepts from its own machine alone.',
    },
    tls: {
      type: ['boolean', 'object'],
      description: 'true, or what to trust and to show.',
      properties: tlsProperties,
      additionalProperties: false,
    },
    heartbeat: {
      type: 'integer',
      minimum: 1,
      maximum: 3_600,
      description: 'Seconds; what the broker says by default.',
    },
  },
  additionalProperties: false,
} as const;

/** The settings of a connection, defaults filled in. Fails with `connection-invalid`: also where there is none, saying how to write one. */
export function readSettings(connection: Connection | undefined): RabbitSettings {
  if (connection === undefined) {
    throw new NstackError('connection-invalid', 'there is no connection to RabbitMQ', {
      hint: `Write one in connections.yaml:\n${example}`,
    });
  }
  const { name } = connection;
  const settings = connection.settings as Settings;
  const { url, host, port, vhost, username, password, tls, heartbeat } = settings;
  if (url !== undefined && (host ?? port ?? vhost) !== undefined) {
    throw new NstackError(
      'connection-invalid',
      `the connection ${name} has url and also host, port or vhost`,
      {
        hint: 'Write the one or the others.',
      },
    );
  }
  if (tls !== undefined && typeof tls === 'object' && (tls.cert === undefined) !== (tls.key === undefined)) {
    throw new NstackError(
      'connection-invalid',
      `the connection ${name} has only one of tls.cert and tls.key`,
      {
        hint: 'A certificate of ours needs its key, and the other way round.',
      },
    );
  }
  const place = url === undefined ? { host, port, vhost, secure: false } : readUrl(url, name);
  const secure = typeof tls === 'object' ? tls : tls === true || place.secure ? {} : undefined;
  return {
    name,
    host: place.host ?? 'localhost',
    port: place.port ?? (secure === undefined ? 5672 : 5671),
    vhost: place.vhost ?? '/',
    username: username ?? 'guest',
    password: password ?? 'guest',
    tls: secure,
    heartbeat,
  };
}

interface Settings {
  readonly url?: string;
  readonly host?: string;
  readonly port?: number;
  readonly vhost?: string;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: boolean | TlsSettings;
  readonly heartbeat?: number;
}

const example = `  connections:
    rabbitMQ:
      system: rabbitMQ
      url: amqp://localhost:5672
      username: me
      password: {env: RABBITMQ_PASSWORD}`;

function readUrl(url: string, name: string) {
  try {
    const { protocol, hostname, port, pathname } = new URL(url);
    const vhost = decodeURIComponent(pathname.slice(1));
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? undefined : Number(port),
      vhost: vhost === '' ? undefined : vhost,
      secure: protocol === 'amqps:',
    };
  } catch (cause) {
    throw new NstackError(
      'connection-invalid',
      `the url of the connection ${name} is none: ${JSON.stringify(url)}`,
      {
        hint: "It looks like amqp://HOST:5672/VHOST, with a slash in a virtual host's name as %2F.",
        cause,
      },
    );
  }
}
