import type { Connector } from '../connector.ts';
import { settingsSchema } from './settings.ts';

/** A short string of AMQP. */
const nameOf = (description: string) => ({ type: 'string', minLength: 1, maxLength: 255, description });
const queue = nameOf('Queue; it is made where it is missing.');
const shared = {
  exchange_type: {
    enum: ['direct', 'topic', 'fanout', 'headers'],
    description:
      'Make the exchange, durable and of this type, where it is missing; otherwise it has to be there.',
  },
  declare: {
    type: 'boolean',
    description:
      'Make the queue, durable, where it is missing; true by default. One that is there is taken as it is.',
  },
  queue_type: {
    enum: ['classic', 'quorum'],
    description: 'Type of the queue that is made; what the broker says by default.',
  },
};

/** RabbitMQ queues (AMQP 0-9-1) as sources; queues and exchanges as sinks. */
export const rabbitMQ: Connector = {
  name: 'rabbitMQ',
  aliases: ['amqp', 'rabbit'],
  connection: {
    schema: settingsSchema,
    test: async (connection, signal) =>
      (await import('./check-broker.ts')).testBroker(
        (await import('./settings.ts')).readSettings(connection),
        signal,
      ),
  },
  source: {
    schema: {
      type: 'object',
      properties: {
        queue,
        exchange: nameOf('Exchange that the queue is bound to.'),
        key: {
          type: ['string', 'array'],
          items: { type: 'string', maxLength: 255 },
          minItems: 1,
          maxLength: 255,
          description:
            'Routing key that binds the queue to the exchange, or several; by default an empty one, # where exchange_type is topic.',
        },
        ...shared,
        prefetch: {
          type: 'integer',
          minimum: 1,
          maximum: 65_535,
          description:
            'Messages that may be on their way at most; by default as many as their size allows, up to 2,000.',
        },
      },
      required: ['queue'],
      additionalProperties: false,
    },
    short: 'queue',
    remembers: 'system',
    check: async (context) => (await import('./open-rabbit-source.ts')).checkRabbitSource(context),
    open: async (context) => (await import('./open-rabbit-source.ts')).openRabbitSource(context),
  },
  sink: {
    schema: {
      type: 'object',
      properties: {
        queue,
        exchange: nameOf('Exchange to publish to, instead of a queue.'),
        key: { type: 'string', maxLength: 255, description: 'Routing key; an empty one by default.' },
        key_field: {
          type: 'string',
          minLength: 1,
          description: 'Field of the message that holds its routing key: customer.country.',
        },
        ...shared,
        persistent: {
          type: 'boolean',
          description: 'Messages survive a restart of the broker in a durable queue; true by default.',
        },
        mandatory: {
          type: 'boolean',
          description:
            'A message that no queue takes is a dead letter; otherwise the broker drops it. False by default.',
        },
        id_field: {
          type: 'string',
          minLength: 1,
          description: 'Field of the message that holds its message id.',
        },
        headers: {
          type: 'object',
          description: 'Headers of every message.',
          propertyNames: { minLength: 1, maxLength: 128 },
          additionalProperties: { type: ['string', 'number', 'boolean'] },
        },
      },
      additionalProperties: false,
    },
    short: 'queue',
    check: async (context) => (await import('./open-rabbit-sink.ts')).checkRabbitSink(context),
    open: async (context) => (await import('./open-rabbit-sink.ts')).openRabbitSink(context),
  },
};
