import { NstackError } from '../../core/index.ts';
import type { Connection, OpenContext } from '../connector.ts';
import { type TlsSettings, tlsOptions, tlsProperties } from '../tls-settings.ts';

/** What a connection's settings say, as the client needs it. */
export interface KafkaSettings {
  readonly brokers: readonly { readonly host: string; readonly port: number }[];
  /** Options of Node's TLS. */
  readonly tls: object | undefined;
  readonly sasl:
    | { readonly mechanism: string; readonly username: string; readonly password: string }
    | undefined;
  readonly clientId: string | undefined;
  /** Milliseconds. */
  readonly connectTimeout: number;
  readonly requestTimeout: number;
  readonly sessionTimeout: number;
}

const text = { type: 'string', minLength: 1 };
const milliseconds = { type: 'integer', minimum: 100 };

export const settingsSchema = {
  type: 'object',
  properties: {
    brokers: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', pattern: '^(\\[[0-9a-fA-F:.]+\\]|[^:\\[\\]/\\s]+):[0-9]{1,5}$' },
      description: 'Where some brokers of the cluster are, as host:port; the others are found through them.',
    },
    tls: {
      description: 'true: TLS with the certificate authorities of Node.js; or what is special about it.',
      anyOf: [
        { type: 'boolean' },
        {
          type: 'object',
          properties: {
            ...tlsProperties,
            insecure: { type: 'boolean', description: 'true: any certificate will do. For tests alone.' },
          },
          additionalProperties: false,
        },
      ],
    },
    sasl: {
      type: 'object',
      properties: {
        mechanism: { enum: ['plain', 'scram-sha-256', 'scram-sha-512'] },
        username: text,
        password: { ...text, secret: true },
      },
      required: ['mechanism', 'username', 'password'],
      additionalProperties: false,
    },
    clientId: { ...text, description: 'Name that brokers know us by; by default nstack-WORKFLOW.' },
    timeouts: {
      type: 'object',
      description: 'In milliseconds.',
      properties: {
        connect: { ...milliseconds, description: 'To connect and log in; 10000 by default.' },
        request: { ...milliseconds, description: 'To answer a request; 30000 by default.' },
        session: {
          ...milliseconds,
          description:
            'Without a sign of life, after which the group gives our partitions to others; 15000 by default.',
        },
      },
      additionalProperties: false,
    },
  },
  required: ['brokers'],
  additionalProperties: false,
};

interface WrittenTls extends TlsSettings {
  readonly insecure?: boolean;
}

interface WrittenSettings {
  readonly brokers: readonly string[];
  readonly tls?: boolean | WrittenTls;
  readonly sasl?: { mechanism: string; username: string; password: string };
  readonly clientId?: string;
  readonly timeouts?: { connect?: number; request?: number; session?: number };
}

/** The settings were checked against the schema. */
export function readSettings(connection: Connection): KafkaSettings {
  const { brokers, tls, sasl, clientId, timeouts = {} } = connection.settings as unknown as WrittenSettings;
  return {
    brokers: brokers.map(addressOf),
    tls: tls === undefined || tls === false ? undefined : tls === true ? {} : tlsOf(tls),
    sasl,
    clientId,
    connectTimeout: timeouts.connect ?? 10_000,
    requestTimeout: timeouts.request ?? 30_000,
    sessionTimeout: timeouts.session ?? 15_000,
  };
}

function addressOf(broker: string): { host: string; port: number } {
  const colon = broker.lastIndexOf(':');
  return { host: broker.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(broker.slice(colon + 1)) };
}

function tlsOf({ insecure, ...settings }: WrittenTls): object {
  return { ...tlsOptions(settings), ...(insecure === true && { rejectUnauthorized: false }) };
}

/** The connection of an open context; throws `connection-invalid` where none is configured. */
export function requireConnection({ connection }: OpenContext, what: string): Connection {
  if (connection !== undefined) return connection;
  throw new NstackError('connection-invalid', `${what} needs a connection to Kafka, and none is configured`, {
    hint: 'Write in connections.yaml:\nconnections:\n  kafka:\n    brokers: [localhost:9092]',
  });
}
