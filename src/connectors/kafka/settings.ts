import { NstackError } from '../../core/index.ts';
import type { Connection, OpenContext } from '../connector.ts';

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
            ca: { ...text, description: 'Certificates of the authorities to trust, PEM.' },
            cert: { ...text, description: 'Our own certificate, PEM.' },
            key: { ...text, secret: true, description: 'Its key, PEM.' },
            serverName: {
              ...text,
              description: 'Name that the certificates of the brokers bear, where it is not their host.',
            },
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

interface WrittenSettings {
  readonly brokers: readonly string[];
  readonly tls?:
    | boolean
    | { ca?: string; cert?: string; key?: string; serverName?: string; insecure?: boolean };
  readonly sasl?: { mechanism: string; username: string; password: string };
  readonly clientId?: string;
  readonly timeouts?: { connect?: number; request?: number; session?: number };
}

/** The settings were checked against the schema. */
export function readSettings(connection: Connection): KafkaSettings {
  const { brokers, tls, sasl, clientId, timeouts = {} } = connection.settings as unknown as WrittenSettings;
  return {
    brokers: brokers.map(addressOf),
    tls: tls === undefined || tls === false ? undefined : tls === true ? {} : tlsOptions(tls),
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

function tlsOptions({
  ca,
  cert,
  key,
  serverName,
  insecure,
}: Exclude<WrittenSettings['tls'], boolean | undefined>): object {
  return {
    ...(ca !== undefined && { ca: [ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(serverName !== undefined && { servername: serverName }),
    ...(insecure === true && { rejectUnauthorized: false }),
  };
}

/** The connection of an open context; throws `connection-invalid` where none is configured. */
export function requireConnection({ connection }: OpenContext, what: string): Connection {
  if (connection !== undefined) return connection;
  throw new NstackError('connection-invalid', `${what} needs a connection to Kafka, and none is configured`, {
    hint: 'Write in connections.yaml:\nconnections:\n  kafka:\n    brokers: [localhost:9092]',
  });
}
