import type { Connector } from '../connector.ts';

/** Files as sources (NDJSON, CSV, Parquet, lines of text or bytes) and as sinks (NDJSON, lines). */
export const file: Connector = {
  name: 'file',
  aliases: [],
  source: {
    schema: {
      type: 'object',
      properties: {
        path: { type: 'string', minLength: 1, description: 'File to read, relative to the folder.' },
        as: {
          enum: ['ndjson', 'csv', 'parquet'],
          description:
            'How to read it, where its name does not say: lines are `ndjson`, whatever their format.',
        },
        delimiter: {
          type: 'string',
          minLength: 1,
          maxLength: 1,
          description: 'Sign between the columns of a CSV file; by default a comma, a tab for .tsv.',
        },
        follow: {
          type: 'boolean',
          description:
            'Go on reading a file of lines that grows, also when it is renamed and a new one takes its name.',
        },
      },
      required: ['path'],
      additionalProperties: false,
    },
    short: 'path',
    remembers: 'nstack',
    check: async (context) => (await import('./open-file-source.ts')).checkFileSource(context),
    open: async (context) => (await import('./open-file-source.ts')).openFileSource(context),
  },
  sink: {
    schema: {
      type: 'object',
      properties: {
        path: { type: 'string', minLength: 1, description: 'File to write, relative to the folder.' },
        as: { enum: ['ndjson'], description: 'Write lines whatever the name ends in.' },
      },
      required: ['path'],
      additionalProperties: false,
    },
    short: 'path',
    check: async (context) => (await import('./open-file-sink.ts')).checkFileSink(context),
    open: async (context) => (await import('./open-file-sink.ts')).openFileSink(context),
  },
};
