import type { Connector } from '../connector.ts';
import { settingsSchema } from './settings.ts';

const topic = { type: 'string', minLength: 1, description: 'Name of the topic.' };

/** Topics of Apache Kafka as sources and sinks: at least once, or exactly once from topic to topic of one cluster. */
export const kafka: Connector = {
  name: 'kafka',
  aliases: [],
  connection: {
    schema: settingsSchema,
    test: async (connection, signal) =>
      (await import('./test-connection.ts')).testConnection(connection, signal),
  },
  source: {
    schema: {
      type: 'object',
      properties: {
        topic,
        group: {
          type: 'string',
          minLength: 1,
          maxLength: 249,
          description: 'Consumer group, which remembers how far it has come; by default nstack-WORKFLOW.',
        },
        from: {
          type: 'string',
          description:
            'Where to begin in a partition of which the group remembers nothing: `earliest` (the default), `latest`, or a time such as "2026-01-31T08:00:00Z".',
        },
      },
      required: ['topic'],
      additionalProperties: false,
    },
    short: 'topic',
    remembers: 'system',
    check: async (context) => (await import('./source/open-source.ts')).checkKafkaSource(context),
    open: async (context) => (await import('./source/open-source.ts')).openKafkaSource(context),
  },
  sink: {
    schema: {
      type: 'object',
      properties: {
        topic,
        key: {
          type: 'string',
          minLength: 1,
          description:
            'Field of the message that becomes its key, such as `user` or `user.id`; messages of one key stay in order in one partition.',
        },
        partition: { type: 'integer', minimum: 0, description: 'Write to this partition alone.' },
        compression: {
          enum: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
          description: 'Of batches; `none` by default.',
        },
        headers: {
          type: 'object',
          additionalProperties: { type: 'string' },
          description: 'Headers that every message gets.',
        },
        guarantee: {
          enum: ['at-least-once', 'exactly-once'],
          description:
            '`exactly-once` writes results and the position of the source in one transaction; the source must be a topic of the same cluster.',
        },
      },
      required: ['topic'],
      additionalProperties: false,
    },
    short: 'topic',
    check: async (context) => (await import('./sink/open-sink.ts')).checkKafkaSink(context),
    open: async (context) => (await import('./sink/open-sink.ts')).openKafkaSink(context),
  },
};
