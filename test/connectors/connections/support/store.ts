import { connect } from 'node:net';
import type { Connector } from '../../../../src/connectors/index.ts';
import { NstackError } from '../../../../src/core/index.ts';

/** A connector to a small store of these tests' own: it greets with one line, and wants `AUTH name password`. */
export const store: Connector = {
  name: 'store',
  aliases: ['shop'],
  connection: {
    schema: {
      type: 'object',
      properties: {
        host: { type: 'string', minLength: 1, description: 'Name or address of the store.' },
        port: { type: 'integer', minimum: 1, maximum: 65_535 },
        brokers: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }] },
        url: { type: 'string' },
        username: { type: 'string', pattern: '^[a-z]+$' },
        password: { type: 'string', secret: true },
        tls: {
          type: ['boolean', 'object'],
          properties: { ca: { type: 'string' } },
          additionalProperties: false,
        },
        sasl: {
          type: 'object',
          properties: {
            mechanism: { type: 'string', enum: ['plain', 'scram-sha-512'] },
            username: { type: 'string' },
            password: { type: 'string', secret: true },
          },
          required: ['mechanism', 'password'],
          additionalProperties: false,
        },
        tokens: { type: 'array', items: { type: 'string', secret: true } },
      },
      required: ['host'],
      additionalProperties: false,
    },
    async test({ name, settings }, signal) {
      const { host, port, username, password } = settings;
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect({ host: String(host), port: Number(port), signal });
        socket.on('connect', () => socket.write(`AUTH ${username} ${password}\n`));
        socket.on('data', (data) => {
          resolve(String(data).trim());
          socket.destroy();
        });
        socket.on('error', (error) =>
          reject(new NstackError('broker-unavailable', `store (connection ${name}): ${error.message}`)),
        );
      });
      if (answer.startsWith('OK')) return answer.slice(3);
      throw new NstackError('connection-invalid', `store (connection ${name}) says: ${answer}`);
    },
  },
};

export const plain: Connector = { name: 'plain', aliases: [] };

export const testConnectors = [store, plain];
