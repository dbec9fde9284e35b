import type { Readable } from 'node:stream';
import type { Connector, OpenContext, Source } from '../connector.ts';

/** One message a line from standard input, until it ends. `input` is passed in by tests alone. */
export function createStdinConnector(input: () => Readable = () => process.stdin): Connector {
  return {
    name: 'stdin',
    aliases: [],
    source: {
      schema: { type: 'object', properties: {}, additionalProperties: false },
      short: '',
      remembers: 'nobody',
      async check(context) {
        const { checkLineFormat } = await import('../records/check-line-format.ts');
        checkLineFormat(context, 'stdin');
      },
      open: (context) => open(context, input()),
    },
  };
}

async function open(context: OpenContext, stream: Readable): Promise<Source> {
  const { createLineSource } = await import('../records/line-source.ts');
  const { createStreamInput } = await import('../records/stream-input.ts');
  return createLineSource(createStreamInput(stream, 'stdin'), context, 'stdin');
}
