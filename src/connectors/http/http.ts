import type { Connector } from '../connector.ts';
import { settingsSchema } from './settings-schema.ts';

const duration = {
  type: ['string', 'number'],
  pattern: '^[0-9]+(\\.[0-9]+)?(ms|s|m|h)$',
  exclusiveMinimum: 0,
} as const;

/** HTTP: what is posted to a path as a source; requests to a server as a sink. */
export const http: Connector = {
  name: 'http',
  aliases: ['https'],
  connection: {
    schema: settingsSchema,
    test: async (connection, signal) =>
      (await import('./test-connection.ts')).testHttpConnection(connection, signal),
  },
  source: {
    schema: {
      type: 'object',
      properties: {
        path: { type: 'string', minLength: 1, description: 'Path that messages are posted to: /demo.' },
        http_path: { type: 'string', minLength: 1, description: 'Another name for path.' },
        listen: {
          type: ['string', 'integer'],
          description: 'Address and port, or a port of this machine alone; 127.0.0.1:8787 by default.',
        },
        acknowledge: {
          enum: ['delivered', 'stored'],
          description:
            'When a request is answered: when every sink has its message (the default), or when it is on the disk.',
        },
        timeout: {
          ...duration,
          description:
            'How long a request may wait for its answer, and its body for its end; 30s by default.',
        },
        concurrency: {
          type: 'integer',
          minimum: 1,
          maximum: 65_536,
          description: 'Requests that may be open at once; 1024 by default.',
        },
      },
      additionalProperties: false,
    },
    short: 'path',
    // Who sent a message has it until it is confirmed; what was stored is in a log of the source's own.
    remembers: 'system',
    check: async (context) => (await import('./open-http-source.ts')).checkHttpSource(context),
    open: async (context) => (await import('./open-http-source.ts')).openHttpSource(context),
  },
  sink: {
    schema: {
      type: 'object',
      properties: {
        url: {
          type: 'string',
          minLength: 1,
          description:
            'Where messages go: https://example.org/events, or a path below the url of the connection.',
        },
        method: { enum: ['POST', 'PUT'], description: 'POST by default.' },
        headers: {
          type: 'object',
          additionalProperties: { type: 'string' },
          description: 'Headers of each request; a credential belongs in the connection.',
        },
        batch: {
          enum: ['none', 'ndjson'],
          description: 'One message a request (the default), or many as lines of application/x-ndjson.',
        },
        order: {
          enum: ['kept', 'any'],
          description: 'One request at a time, so that messages arrive in order (the default), or several.',
        },
        concurrency: {
          type: 'integer',
          minimum: 1,
          maximum: 1_024,
          description: 'Requests at once, where order is any; 16 by default.',
        },
        timeout: { ...duration, description: 'How long a request may take; 30s by default.' },
        attempts: {
          type: 'integer',
          minimum: 1,
          description: 'Tries before a message is a dead letter; left out: as many as it takes.',
        },
        idempotency: {
          enum: ['message', 'content'],
          description:
            'What an Idempotency-Key stands for: a message and its retries (the default), or its bytes, which equal messages share.',
        },
      },
      required: ['url'],
      additionalProperties: false,
    },
    short: 'url',
    check: async (context) => (await import('./open-http-sink.ts')).checkHttpSink(context),
    open: async (context) => (await import('./open-http-sink.ts')).openHttpSink(context),
  },
};
